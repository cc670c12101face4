package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Has answers judged by a server that is asked as any client asks it.
record ServersGrades(ApiClient client, JsonNode grader) implements Bench.Judge {
  /// Of what can go wrong, that for which the answer itself is to blame.
  private static final String UNREADABLE = "sample_parse_error";

  /// What leaves an answer without a judgement.
  private static final List<String> UNANSWERED =
      List.of(
          "formula_parse_error",
          "invalid_variable_error",
          "other_error",
          "model_grader_server_error",
          "model_grader_parse_error");

  @Override
  public GradeAnswer judge(GradeRequest request) {
    return new GradeAnswer(request.samples().stream().map(this::grade).toList());
  }

  private GradeAnswer.Grade grade(GradeRequest.Sample sample) {
    var body = Json.mapper().createObjectNode();
    body.set("grader", grader);
    body.set("item", sample.item());
    body.put("model_sample", sample.outputText());
    JsonNode judged = client.post("fine_tuning/alpha/graders/run", body);
    JsonNode errors = judged.path("metadata").path("errors");
    return new GradeAnswer.Grade(
        judged.path("reward").doubleValue(),
        errors.path(UNREADABLE).asBoolean(),
        UNANSWERED.stream().anyMatch(name -> errors.path(name).asBoolean()));
  }
}
