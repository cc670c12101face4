package dev.luthier.gateway;

import dev.luthier.platform.integrations.Tracker;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Weights & Biases by the calls that its own client makes: a run by GraphQL (`upsertBucket`), its
/// history by `file_stream`, whose lines are numbered, so that one sent twice stands there once.
public final class WandbTracker implements Tracker, AutoCloseable {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);
  private static final int REASON_LENGTH_MAX = 300;
  private static final String UPSERT =
      """
      mutation UpsertBucket($name: String, $project: String, $entity: String, \
      $displayName: String, $jobType: String, $config: JSONString, $tags: [String!]) {
        upsertBucket(input: {name: $name, modelName: $project, entityName: $entity, \
      displayName: $displayName, jobType: $jobType, config: $config, tags: $tags}) {
          bucket { id name historyLineCount project { name entity { name } } }
          inserted
        }
      }
      """;

  private final URI base;
  private final String authorization;
  private final HttpClient http;

  /// @param base address of its API, without a slash at the end
  public WandbTracker(URI base, String apiKey) {
    this.base = base;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(("api:" + apiKey).getBytes(StandardCharsets.UTF_8));
    this.http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  }

  @Override
  public Run begin(Description description) throws IOException {
    var config = new LinkedHashMap<String, Object>();
    description.config().forEach((name, value) -> config.put(name, Map.of("value", value)));
    var variables = new LinkedHashMap<String, Object>();
    variables.put("name", description.id());
    variables.put("project", description.project());
    description.entity().ifPresent(entity -> variables.put("entity", entity));
    variables.put("displayName", description.displayName());
    variables.put("jobType", "fine-tuning");
    variables.put("config", Json.text(config));
    variables.put("tags", description.tags());
    JsonNode answer =
        post(URI.create(base + "/graphql"), Map.of("query", UPSERT, "variables", variables));
    JsonNode errors = answer.path("errors");
    if (!errors.isMissingNode() && !errors.isEmpty()) {
      throw new RefusedException(shortened(errors.path(0).path("message").asString("no reason")));
    }
    JsonNode bucket = answer.path("data").path("upsertBucket").path("bucket");
    return run(bucket);
  }

  private Run run(JsonNode bucket) throws IOException {
    String id = bucket.path("name").asString("");
    String project = bucket.path("project").path("name").asString("");
    String entity = bucket.path("project").path("entity").path("name").asString("");
    if (id.isEmpty() || project.isEmpty() || entity.isEmpty()) {
      throw new IOException("the answer names no run, project and entity");
    }
    int lines = bucket.path("historyLineCount").asInt(0);
    return new Run(
        entity,
        project,
        id,
        lines,
        "%s/%s/%s/runs/%s".formatted(pages(), encoded(entity), encoded(project), encoded(id)));
  }

  /// People look elsewhere than programs, but for servers of one's own.
  private String pages() {
    return base.toString().replace("://api.wandb.ai", "://wandb.ai");
  }

  @Override
  public void history(Run run, int from, List<Map<String, Double>> lines) throws IOException {
    if (lines.isEmpty()) {
      stream(run, Map.of("complete", false, "failed", false, "dropped", 0));
      return;
    }
    var texts = lines.stream().map(WandbTracker::line).toList();
    stream(
        run,
        Map.of(
            "files",
            Map.of(
                "wandb-history.jsonl", Map.of("offset", from, "content", texts),
                "wandb-summary.json", Map.of("offset", 0, "content", List.of(texts.getLast()))),
            "dropped",
            0));
  }

  /// JSON has no infinite numbers; Weights & Biases takes them as words.
  private static String line(Map<String, Double> figures) {
    var values = new LinkedHashMap<String, Object>();
    figures.forEach((name, figure) -> {
      if (name.equals("_step")) {
        values.put(name, figure.longValue());
      } else {
        values.put(name, Double.isFinite(figure) ? (Object) figure : figure.toString());
      }
    });
    return Json.text(values);
  }

  @Override
  public void end(Run run, boolean succeeded) throws IOException {
    stream(run, Map.of("complete", true, "exitcode", succeeded ? 0 : 1, "dropped", 0));
  }

  private void stream(Run run, Object body) throws IOException {
    post(
        URI.create(
            "%s/files/%s/%s/%s/file_stream"
                .formatted(base, encoded(run.entity()), encoded(run.project()), encoded(run.id()))),
        body);
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode post(URI address, Object body) throws IOException {
    var request =
        HttpRequest.newBuilder(address)
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .timeout(ANSWER_WITHIN)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
            .build();
    HttpResponse<byte[]> answer;
    try {
      answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    int status = answer.statusCode();
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (status >= 400 && status < 500 && status != 408 && status != 429) {
      throw new RefusedException("status " + status + ", " + shortened(text));
    }
    if (status != 200) {
      throw new IOException("status " + status + ", " + shortened(text));
    }
    try {
      return Json.tree(answer.body());
    } catch (JacksonException e) {
      throw new IOException("the answer is no JSON: " + shortened(text), e);
    }
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= REASON_LENGTH_MAX ? line : line.substring(0, REASON_LENGTH_MAX) + "…";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
