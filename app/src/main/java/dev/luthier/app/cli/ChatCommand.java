package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `luthier chat`: one question, or a conversation.
@Command(
    name = "chat",
    description = {
      "Talks to a model. A question as argument or on standard input is answered once;",
      "in a terminal without a question a conversation begins (an empty line or Ctrl-D ends it).",
    })
final class ChatCommand implements Callable<Integer> {
  private static final int QUESTION_CHARACTERS_MAX = 1 << 20;

  private final LuthierCommand luthier;

  @Parameters(index = "0", paramLabel = "MODEL", description = "a base, a fine-tune, a checkpoint")
  private String model = "";

  @Parameters(index = "1..*", paramLabel = "QUESTION", description = "asked once, then exit")
  private List<String> question = new ArrayList<>();

  @Option(names = "--system", paramLabel = "TEXT", description = "system prompt")
  private Optional<String> system = Optional.empty();

  @Option(names = "--temperature", paramLabel = "T", description = "0 to 2 (default: 1)")
  private Optional<Double> temperature = Optional.empty();

  @Option(names = "--max-tokens", paramLabel = "N", description = "the longest answer")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "same seed, same answer")
  private Optional<Long> seed = Optional.empty();

  ChatCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() throws IOException {
    ApiClient client = luthier.session().client();
    List<Map<String, String>> messages = new ArrayList<>();
    system.ifPresent(text -> messages.add(message("system", text)));
    if (!question.isEmpty()) {
      ask(client, messages, String.join(" ", question));
    } else if (luthier.surroundings().terminal()) {
      converse(client, messages);
    } else {
      ask(client, messages, wholeInput());
    }
    return ExitCode.DONE;
  }

  private String wholeInput() throws IOException {
    byte[] bytes = luthier.surroundings().in().readNBytes(QUESTION_CHARACTERS_MAX);
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE, "There is no question: give one as argument or on standard input.");
    }
    return text;
  }

  private void converse(ApiClient client, List<Map<String, String>> messages) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(luthier.surroundings().in(), StandardCharsets.UTF_8));
    while (true) {
      luthier.surroundings().out().print("> ");
      luthier.surroundings().out().flush();
      String line = in.readLine();
      if (line == null || line.isBlank()) {
        return;
      }
      ask(client, messages, line);
    }
  }

  /// Prints the answer as it comes and adds both sides to the conversation.
  private void ask(ApiClient client, List<Map<String, String>> messages, String text)
      throws IOException {
    messages.add(message("user", text));
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("model", model);
    request.put("messages", messages);
    request.put("stream", true);
    temperature.ifPresent(value -> request.put("temperature", value));
    maxTokens.ifPresent(value -> request.put("max_tokens", value));
    seed.ifPresent(value -> request.put("seed", value));
    PrintStream out = luthier.surroundings().out();
    StringBuilder answer = new StringBuilder();
    client.stream(
        "chat/completions",
        request,
        event -> {
          String piece = event.at("/choices/0/delta/content").asString("");
          answer.append(piece);
          out.print(piece);
          out.flush();
        });
    out.println();
    messages.add(message("assistant", answer.toString()));
  }

  private static Map<String, String> message(String role, String content) {
    Map<String, String> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }
}
