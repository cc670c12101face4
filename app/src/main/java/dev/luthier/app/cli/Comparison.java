package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One question to two models, the answers beside each other.
final class Comparison {
  private static final int COLUMN = 46;
  private static final int ANSWER_TOKENS_MAX = 200;

  private final ApiClient client;
  private final Optional<String> system;
  private final String question;

  Comparison(ApiClient client, Optional<String> system, String question) {
    this.client = client;
    this.system = system;
    this.question = question;
  }

  /// Asks both at once: the server decodes them together, in hardly more time than one.
  void print(PrintStream out, String base, String fineTune) throws InterruptedException {
    List<String> left;
    List<String> right;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> answerOfBase = threads.submit(() -> answer(base));
      right = wrap(answer(fineTune));
      left = wrap(answerOfBase.get());
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof ApiFailure refused
          ? refused
          : new IllegalStateException("the question to " + base + " failed", failed);
    }
    out.println();
    out.println(question);
    out.println();
    line(out, "base: " + base, "fine-tune: " + fineTune);
    line(out, "-".repeat(COLUMN), "-".repeat(COLUMN));
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      line(out, i < left.size() ? left.get(i) : "", i < right.size() ? right.get(i) : "");
    }
    out.println();
  }

  /// The likeliest answer (temperature 0), so that the difference is the training's.
  private String answer(String model) {
    List<Map<String, String>> messages = new ArrayList<>();
    system.ifPresent(text -> messages.add(Map.of("role", "system", "content", text)));
    messages.add(Map.of("role", "user", "content", question));
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("model", model);
    request.put("messages", messages);
    request.put("temperature", 0);
    request.put("max_tokens", ANSWER_TOKENS_MAX);
    return client.post("chat/completions", request).at("/choices/0/message/content").asString("");
  }

  private static void line(PrintStream out, String left, String right) {
    out.println((left + " ".repeat(Math.max(0, COLUMN - left.length())) + " | " + right).strip());
  }

  /// Lines of at most a column's width, broken at blanks where there are any.
  static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.split("\n", -1)) {
      StringBuilder line = new StringBuilder();
      for (String word : paragraph.split(" ", -1)) {
        String rest = word;
        if (!line.isEmpty() && line.length() + 1 + rest.length() > COLUMN) {
          lines.add(line.toString());
          line.setLength(0);
        }
        while (rest.length() > COLUMN) {
          lines.add(rest.substring(0, COLUMN));
          rest = rest.substring(COLUMN);
        }
        line.append(line.isEmpty() ? "" : " ").append(rest);
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
