package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is refused, and in which words.
class RefusalsTest {

  private static final String NULL = "null";

  @TempDir static Path folder;
  private static ApiFixture api;

  @BeforeAll
  static void start() {
    api = new ApiFixture(folder);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  /// One request and the refusal it meets; `param` and `code` "null" for none.
  record Row(
      String method,
      String path,
      String body,
      int status,
      String message,
      String param,
      String code) {}

  static Stream<Row> rows() {
    return Stream.of(
            List.of(
                new Row(
                    "POST",
                    "/embeddings",
                    "{\"model\":\"text-embedding-3-small\",\"input\":\"x\"}",
                    404,
                    "The model `text-embedding-3-small` does not exist or you do not have access to it.",
                    NULL,
                    "model_not_found"),
                new Row(
                    "POST",
                    "/moderations",
                    "{\"input\":\"x\"}",
                    404,
                    "The model `omni-moderation-latest` does not exist or you do not have access to it.",
                    NULL,
                    "model_not_found"),
                get("/files/file-x", 404, "No such File object: file-x", "id", NULL),
                get("/files/file-x/content", 404, "No such File object: file-x", "id", NULL),
                new Row(
                    "DELETE", "/files/file-x", "", 404, "No such File object: file-x", "id", NULL),
                get(
                    "/files?limit=10001",
                    400,
                    "Invalid 'limit': integer above maximum value. Expected a value <= 10000, but got 10001 instead.",
                    "limit",
                    "integer_above_max_value"),
                get(
                    "/files?limit=0",
                    400,
                    "Invalid 'limit': integer below minimum value. Expected a value >= 1, but got 0 instead.",
                    "limit",
                    "integer_below_min_value"),
                get(
                    "/files?limit=x",
                    400,
                    "Invalid type for 'limit': expected an integer, but got a string instead.",
                    "limit",
                    "invalid_type"),
                get(
                    "/files?order=up",
                    400,
                    "Invalid value: 'up'. Supported values are: 'asc' and 'desc'.",
                    "order",
                    "invalid_value"),
                get(
                    "/fine_tuning/jobs/ftjob-x",
                    404,
                    "Could not find fine tune: ftjob-x",
                    "fine_tune_id",
                    "fine_tune_not_found"),
                get(
                    "/fine_tuning/jobs/ftjob-x/events",
                    404,
                    "Could not find fine tune: ftjob-x",
                    "fine_tune_id",
                    "fine_tune_not_found"),
                get(
                    "/fine_tuning/jobs/ftjob-x/checkpoints",
                    404,
                    "Could not find fine tune: ftjob-x",
                    "fine_tune_id",
                    "fine_tune_not_found"),
                post(
                    "/fine_tuning/jobs/ftjob-x/cancel",
                    "",
                    404,
                    "Could not find fine tune: ftjob-x",
                    "fine_tune_id",
                    "fine_tune_not_found"),
                get(
                    "/models/nobody",
                    404,
                    "The model 'nobody' does not exist",
                    "model",
                    "model_not_found"),
                get(
                    "/models/ft:org%2Fx:y",
                    404, "The model 'ft:org/x:y' does not exist", "model", "model_not_found"),
                new Row(
                    "DELETE",
                    "/models/nobody",
                    "",
                    404,
                    "The model 'nobody' does not exist",
                    "model",
                    "model_not_found")),
            jobs(),
            chat(),
            List.of(
                post(
                    "/completions",
                    "{\"model\":\"gpt-4o\"}",
                    400,
                    "Missing required parameter: 'prompt'.",
                    "prompt",
                    "missing_required_parameter"),
                post(
                    "/completions",
                    "{\"model\":\"gpt-4o\",\"prompt\":\"a\",\"logprobs\":6}",
                    400,
                    "Invalid 'logprobs': integer above maximum value. Expected a value <= 5, but got 6 instead.",
                    "logprobs",
                    "integer_above_max_value"),
                post(
                    "/completions",
                    "{\"model\":\"x\",\"prompt\":\"a\"}",
                    404,
                    "The model `x` does not exist or you do not have access to it.",
                    NULL,
                    "model_not_found"),
                post(
                    "/responses",
                    "{\"model\":\"gpt-4o\",\"input\":\"a\",\"max_output_tokens\":15}",
                    400,
                    "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.",
                    "max_output_tokens",
                    "integer_below_min_value"),
                post(
                    "/responses",
                    "{\"model\":\"gpt-4o\"}",
                    400,
                    "Missing required parameter: 'input'.",
                    "input",
                    "missing_required_parameter")))
        .flatMap(List::stream);
  }

  private static List<Row> jobs() {
    var path = "/fine_tuning/jobs";
    var file = "file-0123456789abcdefghijkl";
    return List.of(
        post(
            path,
            "{}",
            400,
            "Missing required parameter: 'model'.",
            "model",
            "missing_required_parameter"),
        post(
            path,
            "{\"model\":\"gpt-4o\"}",
            400,
            "Missing required parameter: 'training_file'.",
            "training_file",
            "missing_required_parameter"),
        post(
            path,
            "{\"model\":7,\"training_file\":\"a\"}",
            400,
            "Invalid type for 'model': expected a string, but got an integer instead.",
            "model",
            "invalid_type"),
        post(
            path,
            "{\"model\":\"gpt-4o\",\"training_file\":\"" + file + "\"}",
            400,
            "invalid training_file: " + file,
            "training_file",
            NULL),
        post(
            path,
            "{\"model\":\"gpt-9\",\"training_file\":\"" + file + "\"}",
            400,
            "Model gpt-9 is not available for fine-tuning or does not exist.",
            NULL,
            "model_not_available"),
        job(
            "\"suffix\":\"" + "s".repeat(65) + "\"",
            "Invalid 'suffix': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
            "suffix",
            "string_above_max_length"),
        job(
            "\"seed\":-1",
            "Invalid 'seed': integer below minimum value. Expected a value >= 0, but got -1 instead.",
            "seed",
            "integer_below_min_value"),
        job(
            "\"seed\":2147483648",
            "Invalid 'seed': integer above maximum value. Expected a value <= 2147483647, but got 2147483648 instead.",
            "seed",
            "integer_above_max_value"),
        job(
            "\"hyperparameters\":{\"n_epochs\":51}",
            "Invalid 'hyperparameters.n_epochs': integer above maximum value. Expected a value <= 50, but got 51 instead.",
            "hyperparameters.n_epochs",
            "integer_above_max_value"),
        job(
            "\"hyperparameters\":{\"n_epochs\":\"many\"}",
            "Invalid value: 'many'. Supported values are: 'auto'.",
            "hyperparameters.n_epochs",
            "invalid_value"),
        job(
            "\"hyperparameters\":{\"batch_size\":1.5}",
            "Invalid type for 'hyperparameters.batch_size': expected an integer, but got a decimal instead.",
            "hyperparameters.batch_size",
            "invalid_type"),
        job(
            "\"hyperparameters\":[]",
            "Invalid type for 'hyperparameters': expected an object, but got an array instead.",
            "hyperparameters",
            "invalid_type"),
        job(
            "\"metadata\":{\"a\":1}",
            "Invalid type for 'metadata.a': expected a string, but got an integer instead.",
            "metadata.a",
            "invalid_type"),
        job(
            "\"method\":{}",
            "Missing required parameter: 'method.type'.",
            "method.type",
            "missing_required_parameter"),
        job(
            "\"method\":{\"type\":\"reinforcement\"}",
            "Missing required parameter: 'method.reinforcement'.",
            "method.reinforcement",
            "missing_required_parameter"),
        job(
            graded("{\"type\":\"python\",\"name\":\"p\",\"source\":\"def grade(s, i): return 1\"}"),
            "this server has no sandbox for it",
            "method.reinforcement.grader.type",
            "invalid_value"),
        job(
            graded(
                "{\"type\":\"string_check\",\"name\":\"c\",\"input\":\"a\",\"reference\":\"b\",\"operation\":\"eq\"}"),
            "Missing required parameter: 'validation_file'.",
            "validation_file",
            "missing_required_parameter"),
        post(
            "/fine_tuning/jobs",
            "{\"model\":\"gpt-4o\",\"training_file\":\"file-x\",\"validation_file\":\"file-y\","
                + graded(
                    "{\"type\":\"score_model\",\"name\":\"j\",\"model\":\"nobody\",\"input\":[{\"role\":\"user\",\"content\":\"?\"}]}")
                + "}",
            404,
            "The model `nobody` does not exist or you do not have access to it.",
            NULL,
            "model_not_found"),
        job(
            formed("{\"type\":\"xml\"}"),
            "Invalid value: 'xml'. Supported values are: 'text', 'json_object', and 'json_schema'.",
            "method.reinforcement.response_format.type",
            "invalid_value"),
        job(
            formed(
                "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":true,\"schema\":{\"not\":{}}}}"),
            "Invalid schema for response_format: #: 'not' is not supported when 'strict' is true.",
            "method.reinforcement.response_format",
            "invalid_json_schema"),
        job(
            "\"integrations\":[{\"type\":\"wandb\"}]",
            "Missing required parameter: 'integrations[0].wandb'.",
            "integrations[0].wandb",
            "missing_required_parameter"),
        post(path, "[".repeat(5000), 400, "We could not parse the JSON body", NULL, NULL),
        get(path + "?after=ftjob-unknown", 400, "ftjob-unknown", "after", "invalid_value"));
  }

  private static List<Row> chat() {
    return List.of(
        post(
            "/chat/completions",
            "{\"model\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
            404,
            "The model `x` does not exist or you do not have access to it.",
            NULL,
            "model_not_found"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\"}",
            400,
            "Missing required parameter: 'messages'.",
            "messages",
            "missing_required_parameter"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":[]}",
            400,
            "Invalid 'messages': empty array.",
            "messages",
            "invalid_value"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":\"a\"}",
            400,
            "Invalid type for 'messages': expected an array, but got a string instead.",
            "messages",
            "invalid_type"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"king\",\"content\":\"a\"}]}",
            400,
            "Invalid value: 'king'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
            "messages[0].role",
            "invalid_value"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\"}]}",
            400,
            "Missing required parameter: 'messages[0].content'.",
            "messages[0].content",
            "missing_required_parameter"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":null}]}",
            400,
            "but got null instead.",
            "messages[0].content",
            "invalid_type"),
        post(
            "/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"100%s\"}]}]}",
            400,
            "100%s",
            "messages[0].content[0].type",
            "unsupported_value"),
        ask(
            "\"n\":\"2\"",
            "Invalid type for 'n': expected an integer, but got a string instead.",
            "n",
            "invalid_type"),
        ask(
            "\"n\":129",
            "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.",
            "n",
            "integer_above_max_value"),
        ask(
            "\"temperature\":2.5",
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
            "temperature",
            "decimal_above_max_value"),
        ask(
            "\"top_p\":-0.5",
            "Invalid 'top_p': decimal below minimum value. Expected a value >= 0, but got -0.5 instead.",
            "top_p",
            "decimal_below_min_value"),
        ask(
            "\"max_tokens\":0",
            "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
            "max_tokens",
            "integer_below_min_value"),
        ask(
            "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
            "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
            "stop",
            "array_above_max_length"),
        ask(
            "\"stop\":5",
            "Invalid type for 'stop': expected one of a string or array of strings, but got an integer instead.",
            "stop",
            "invalid_type"),
        ask(
            "\"top_logprobs\":2",
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
            "top_logprobs",
            NULL),
        ask(
            "\"logprobs\":true,\"top_logprobs\":21",
            "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead.",
            "top_logprobs",
            "integer_above_max_value"),
        ask(
            "\"logit_bias\":{\"a\":1}",
            "Invalid key in 'logit_bias': 'a'.",
            "logit_bias",
            "invalid_value"),
        ask(
            "\"logit_bias\":{\"5\":101}",
            "Invalid 'logit_bias.5': decimal above maximum value. Expected a value <= 100, but got 101.0 instead.",
            "logit_bias.5",
            "decimal_above_max_value"),
        ask(
            "\"response_format\":{\"type\":\"xml\"}",
            "Invalid value: 'xml'. Supported values are: 'text', 'json_object', and 'json_schema'.",
            "response_format.type",
            "invalid_value"),
        ask(
            "\"response_format\":{\"type\":\"json_schema\"}",
            "Missing required parameter: 'response_format.json_schema'.",
            "response_format.json_schema",
            "missing_required_parameter"),
        ask(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a b\"}}",
            "Invalid value: 'a b'.",
            "response_format.json_schema.name",
            "invalid_value"),
        ask(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":true,\"schema\":{\"not\":{}}}}",
            "Invalid schema for response_format: #: 'not' is not supported when 'strict' is true.",
            "response_format",
            "invalid_json_schema"),
        ask(
            "\"tool_choice\":\"required\"",
            "Invalid value for 'tool_choice': it is only allowed when 'tools' are specified.",
            "tool_choice",
            "invalid_value"),
        ask(
            "\"stream\":\"yes\"",
            "Invalid type for 'stream': expected a boolean, but got a string instead.",
            "stream",
            "invalid_type"),
        ask(
            "\"stream_options\":{\"include_usage\":true}",
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            "stream_options",
            NULL));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isToldInOpenAisWords(Row row) throws Exception {
    var answer = api.send(row.method(), "/v1" + row.path(), row.body());
    assertEquals(row.status(), answer.status(), answer.text());
    assertEquals("application/json", answer.header("content-type"));
    var error = ApiFixture.json(answer).get("error");
    assertEquals(List.of("message", "type", "param", "code"), ApiFixture.keys(error));
    assertTrue(error.get("message").asString().contains(row.message()), answer.text());
    assertEquals("invalid_request_error", error.get("type").asString());
    assertEquals(row.param(), error.get("param").isNull() ? NULL : error.get("param").asString());
    assertEquals(row.code(), error.get("code").isNull() ? NULL : error.get("code").asString());
  }

  @Test
  void keyIsNeededEverywhereButForHealthAndUnknownPlaces() throws Exception {
    var none = bare("GET /v1/models HTTP/1.1\nHost: x\n\n");
    assertEquals(401, none.status());
    assertTrue(
        none.text()
            .contains(
                "You didn't provide an API key. You need to provide your API key in an"
                    + " Authorization header using Bearer auth"),
        none.text());
    assertTrue(none.text().contains("\"code\": null"), none.text());
    var wrong =
        bare("GET /v1/models HTTP/1.1\nHost: x\nAuthorization: Bearer sk-abcdefghijklmn\n\n");
    assertEquals(401, wrong.status());
    assertTrue(wrong.text().contains("Incorrect API key provided: sk-ab"), wrong.text());
    assertTrue(!wrong.text().contains("sk-abcdefghijklmn"), wrong.text());
    assertTrue(wrong.text().contains("\"invalid_api_key\""), wrong.text());
    assertEquals(
        200,
        bare("GET /v1/models HTTP/1.1\nHost: x\napi-key: %s\n\n".formatted(ApiFixture.KEY))
            .status());
    assertEquals(200, bare("GET /health HTTP/1.1\nHost: x\n\n").status());
    assertEquals(404, bare("GET /v1/unknown HTTP/1.1\nHost: x\n\n").status());
    assertEquals(404, bare("GET /v1/fine-tunes HTTP/1.1\nHost: x\n\n").status());
  }

  private static RawHttp.Answer bare(String request) throws Exception {
    return RawHttp.exchange(api.port(), request);
  }

  private static Row get(String path, int status, String message, String param, String code) {
    return new Row("GET", path, "", status, message, param, code);
  }

  private static Row post(
      String path, String body, int status, String message, String param, String code) {
    return new Row("POST", path, body, status, message, param, code);
  }

  private static String formed(String format) {
    return graded(
        "{\"type\":\"string_check\",\"name\":\"c\",\"input\":\"a\",\"reference\":\"b\",\"operation\":\"eq\"},\"response_format\":"
            + format);
  }

  private static String graded(String grader) {
    return "\"method\":{\"type\":\"reinforcement\",\"reinforcement\":{\"grader\":" + grader + "}}";
  }

  private static Row job(String field, String message, String param, String code) {
    var body = "{\"model\":\"gpt-4o\",\"training_file\":\"file-x\"," + field + "}";
    return post("/fine_tuning/jobs", body, 400, message, param, code);
  }

  private static Row ask(String field, String message, String param, String code) {
    var body =
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]," + field + "}";
    return post("/chat/completions", body, 400, message, param, code);
  }
}
