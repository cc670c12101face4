package dev.luthier.platform.batches;

import dev.luthier.platform.Identifiers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes the lines of files of answers.
final class AnswerLines {
  private static final int OK = 200;

  private final Identifiers identifiers;

  AnswerLines(Identifiers identifiers) {
    this.identifiers = identifiers;
  }

  BatchAnswer answered(BatchLine line, LineAnswers.Answer answer) {
    var text = start(line);
    text.putObject("response")
        .put("status_code", answer.status())
        .put("request_id", answer.requestId())
        .set("body", answer.body());
    text.putNull("error");
    return new BatchAnswer(
        line.number(),
        answer.status() != OK,
        BatchFile.JSON.writeValueAsString(text),
        tokens(answer.body().path("usage")));
  }

  /// For a line that nobody came to ask.
  BatchAnswer expired(BatchLine line) {
    var text = start(line);
    text.putNull("response");
    text.putObject("error")
        .put("code", "batch_expired")
        .put("message", "This request could not be executed before the completion window expired.");
    return new BatchAnswer(
        line.number(), true, BatchFile.JSON.writeValueAsString(text), BatchTokens.NONE);
  }

  private ObjectNode start(BatchLine line) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", identifiers.batchRequest())
        .put("custom_id", line.customId());
  }

  /// Under the names of completions or of responses.
  private static BatchTokens tokens(JsonNode usage) {
    return new BatchTokens(
        usage.path("prompt_tokens").asLong(usage.path("input_tokens").asLong(0)),
        usage
            .path("prompt_tokens_details")
            .path("cached_tokens")
            .asLong(usage.path("input_tokens_details").path("cached_tokens").asLong(0)),
        usage.path("completion_tokens").asLong(usage.path("output_tokens").asLong(0)));
  }
}
