package dev.luthier.http.api;

import dev.luthier.http.request.ClientWatch;
import dev.luthier.platform.chat.AnswerSink;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Collects whole answers, as long as their client is there. What it holds is limited by the
/// model's context.
final class CollectingSink implements AnswerSink {

  /// One whole answer.
  static final class Answer {
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final List<ToolCall> calls = new ArrayList<>();
    private FinishReason reason = FinishReason.STOP;

    String text() {
      return text.toString();
    }

    List<TokenLogprob> logprobs() {
      return logprobs;
    }

    List<ToolCall> calls() {
      return calls;
    }

    FinishReason reason() {
      return reason;
    }
  }

  private final List<Answer> answers;
  private final ClientWatch client;
  private Usage usage = new Usage(0, 0);

  CollectingSink(int choices, ClientWatch client) {
    this.client = client;
    answers = Stream.generate(Answer::new).limit(choices).toList();
  }

  /// The answers in order of their index.
  List<Answer> answers() {
    return answers;
  }

  IntStream indices() {
    return IntStream.range(0, answers.size());
  }

  Usage usage() {
    return usage;
  }

  @Override
  public void started(int promptTokens) {
    usage = new Usage(promptTokens, 0);
  }

  @Override
  public void waiting() {
    client.check();
  }

  @Override
  public void delta(int index, String text, List<TokenLogprob> logprobs) {
    client.check();
    var answer = answers.get(index);
    answer.text.append(text);
    answer.logprobs.addAll(logprobs);
  }

  @Override
  public void called(int index, ToolCall call) {
    answers.get(index).calls.add(call);
  }

  @Override
  public void finished(int index, FinishReason reason) {
    answers.get(index).reason = reason;
  }

  @Override
  public void usage(Usage total) {
    usage = total;
  }
}
