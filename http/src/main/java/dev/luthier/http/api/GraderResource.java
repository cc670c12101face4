package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.Fields;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.graders.Grader;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.graders.Sample;
import dev.luthier.wire.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// `/v1/fine_tuning/alpha/graders`: try a grader before anything is trained with it.
public final class GraderResource {
  private static final JsonNode NO_ITEM = Json.tree("{}");

  private final Graders graders;
  private final ChatService chat;

  public GraderResource(Graders graders, ChatService chat) {
    this.graders = graders;
    this.chat = chat;
  }

  /// Answers the grader as it came, when it can be used.
  void validate(Context context) throws IOException {
    var body = JsonBody.read(context);
    read(context, body);
    Answers.json(context, Map.of("grader", body.json().get("grader")));
  }

  void run(Context context) throws IOException {
    var body = JsonBody.read(context);
    var grader = read(context, body);
    var sample = Sample.of(body.required("model_sample").string());
    var item = body.optional("item").map(Value::object).map(Fields::json).orElse(NO_ITEM);
    Answers.json(context, GraderObjects.run(grader, graders.grade(grader, sample, item)));
  }

  private Grader read(Context context, Fields body) {
    var grader = GraderReader.readReward(body.required("grader").json(), "grader");
    var project = ModelAccess.project(context);
    Graders.models(grader).forEach(name -> chat.model(name, project));
    return grader;
  }
}
