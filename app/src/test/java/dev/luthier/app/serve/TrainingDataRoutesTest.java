package dev.luthier.app.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.app.cli.Servers;
import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import dev.luthier.app.config.Config;
import dev.luthier.app.config.ConfigLoader;
import dev.luthier.app.config.Setting;
import dev.luthier.app.pace.KeptPaces;
import dev.luthier.platform.estimate.DrawingPace;
import dev.luthier.platform.estimate.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Estimates and mended copies as pages and commands ask for them, on the whole server as it is
/// wired. Only the measuring of the machine is played.
@Timeout(60)
class TrainingDataRoutesTest {
  private static final String BASE = "tiny-base";
  private static final String ROOT = "/internal/ui/";
  private static final int ROWS = 10;
  private static final Pace PACE = new Pace(5, 0.1, 0.002, 1 << 20, 64);

  @TempDir Path folder;
  private final PlayedWorkers workers = new PlayedWorkers();
  private DataFolder data;
  private Servers.Running server;
  private ApiClient user;

  @BeforeEach
  void open() throws IOException {
    Config config =
        ConfigLoader.load(
            Map.of(Setting.DATA, folder.resolve("data").toString(), Setting.BASE, BASE), Map.of());
    data = DataFolder.hold(config.data());
    Path base = Files.createDirectories(data.resolve("bases").resolve(BASE));
    Path text = Path.of("../text/src/test/resources/tiny-base");
    for (String name : List.of("config.json", "tokenizer.json", "chat_template.jinja")) {
      Files.copy(text.resolve(name), base.resolve(name));
    }
    Files.writeString(base.resolve("base.json"), "{}");
    server = new Wiring(config, _ -> workers).wire(data, Ports.free("127.0.0.1", 0));
    user = new ApiClient(server.url(), server.localKey());
  }

  @AfterEach
  void close() throws IOException {
    workers.allDie(); // Else the stop waits for them.
    server.close();
    data.close();
  }

  private String uploaded(String content) throws IOException {
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), content);
    return user.upload(rows, "fine-tune").path("id").asString();
  }

  private static String row(int number) {
    return "{\"messages\": [{\"role\": \"user\", \"content\": \"%d?\"}, {\"role\": \"assistant\", \"content\": \"%d!\"}]}"
        .formatted(number, number);
  }

  private static String rows() {
    return IntStream.range(0, ROWS)
        .mapToObj(number -> row(number) + "\n")
        .collect(Collectors.joining());
  }

  private void refused(int status, String path, String words) {
    ApiFailure failure = assertThrows(ApiFailure.class, () -> user.get(ROOT + path), path);
    assertEquals(status, failure.status(), failure.getMessage());
    assertTrue(Objects.toString(failure.getMessage()).contains(words), failure.getMessage());
  }

  private static String estimate(String file, String more) {
    return "estimate?model=" + BASE + "&training_file=" + file + more;
  }

  @Test
  void anEstimateIsOfTheFilesTheSettingsAndTheMachinesPace() throws Exception {
    KeptPaces.keep(data.resolve(""), BASE, PACE);
    String file = uploaded(rows());
    var asked = user.get(ROOT + estimate(file, "&n_epochs=2&batch_size=5"));
    assertEquals(ROWS, asked.path("examples").asInt(), asked::toString);
    assertEquals(4, asked.path("steps").asInt(), asked::toString);
    double tokens = asked.path("tokens").asDouble();
    assertTrue(tokens > 2 * ROWS, asked::toString);
    assertEquals(
        5 + 4 * 0.1 + tokens * 0.002, asked.path("seconds").asDouble(), 0.5, asked::toString);
    assertTrue(asked.path("peak_bytes").asLong() >= 1 << 20, asked::toString);
    var auto = user.get(ROOT + estimate(file, "&n_epochs=auto&batch_size=auto"));
    assertTrue(auto.path("epochs").asInt() > 2, auto::toString);
    var validated =
        user.get(ROOT + estimate(file, "&n_epochs=2&batch_size=5&validation_file=" + file));
    assertTrue(
        validated.path("seconds").asDouble() > asked.path("seconds").asDouble(),
        validated::toString);
  }

  @Test
  void whatCannotBeEstimatedIsRefusedByTheNameOfItsParameter() throws Exception {
    KeptPaces.keep(data.resolve(""), BASE, PACE);
    String file = uploaded(rows());
    refused(400, "estimate?training_file=" + file, "'model'");
    refused(400, "estimate?model=" + BASE, "'training_file'");
    refused(404, "estimate?model=nobody&training_file=" + file, "nobody");
    refused(404, estimate("file-none", ""), "file-none");
    refused(400, estimate(file, "&n_epochs=many"), "'n_epochs'");
    refused(400, estimate(file, "&n_epochs=0"), "'n_epochs'");
    refused(400, estimate(file, "&batch_size=100001"), "'batch_size'");
    refused(400, estimate(uploaded("{\"a\":1}\n"), ""), "no row that can be trained on");
  }

  @Test
  void aJobShowsWhatWouldBeEstimatedForItOnceTheMachineIsMeasured() throws Exception {
    Map<String, Object> request =
        Map.of(
            "model", BASE,
            "training_file", uploaded(rows()),
            "hyperparameters", Map.of("n_epochs", 1, "batch_size", 1));
    String job = user.post("fine_tuning/jobs", request).path("id").asString();
    var before = user.get(ROOT + "jobs/" + job + "/estimate");
    assertTrue(before.path("estimate").isNull(), before::toString);
    assertTrue(before.path("took_seconds").isNull(), before::toString);
    KeptPaces.keep(data.resolve(""), BASE, PACE);
    var after = user.get(ROOT + "jobs/" + job + "/estimate");
    assertEquals(ROWS, after.at("/estimate/steps").asInt(), after::toString);
    refused(404, "jobs/ftjob-none/estimate", "ftjob-none");
  }

  @Test
  void aMendedCopyIsDownloadedAndItsChangesAreListedByLine() throws Exception {
    String content = "\uFEFF" + row(1) + "\n\n" + row(2) + ",\n" + row(1) + "\n";
    String file = uploaded(content);
    var mends = user.get(ROOT + "files/" + file + "/mends");
    assertEquals(3, mends.path("rows_read").asInt(), mends::toString);
    assertTrue(mends.path("changes").size() >= 3, mends::toString);
    assertEquals(1, mends.at("/changes/0/line").asInt(), mends::toString);
    var copy = new ByteArrayOutputStream();
    user.copy(ROOT + "files/" + file + "/mended", copy);
    assertEquals(row(1) + "\n" + row(2).replace(" ", "") + "\n", copy.toString(UTF_8));
    refused(404, "files/file-none/mends", "file-none");
    refused(404, "files/file-none/mended", "file-none");
  }

  private static List<String> codes(JsonNode report) {
    return report
        .path("findings")
        .valueStream()
        .map(finding -> finding.path("line").asInt() + " " + finding.path("code").asString())
        .toList();
  }

  @Test
  void rowsOfTwoAnswersHaveAReportTokensAndAMendedCopy() throws Exception {
    String pair =
        """
        {"input":{"messages":[{"role":"user","content":"%s"}]},\
        "preferred_output":[{"role":"assistant","content":"yes"}],\
        "non_preferred_output":[{"role":"assistant","content":"%s"}]}
        """;
    String content =
        pair.formatted("a?", "no") + pair.formatted("b?", "yes") + "{\"input\":{}}\n" + row(1);
    String file = uploaded(content);
    String at = "files/" + file + "/";
    var report = user.get(ROOT + at + "check?method=dpo&part=validation&model=" + BASE);
    assertEquals(
        List.of(
            "2 same_outputs",
            "3 missing_preference_key",
            "3 missing_preference_key",
            "3 missing_preference_key",
            "4 chat_rows"),
        codes(report));
    assertTrue(report.path("trained_tokens").asInt() > 0, report::toString);
    var rows = user.get(ROOT + at + "rows?method=dpo&limit=1&model=" + BASE).at("/data/0");
    assertTrue(text(rows.path("pieces")).endsWith("yes<|im_end|>\n"), rows::toString);
    assertTrue(text(rows.at("/other/pieces")).endsWith("no<|im_end|>\n"), rows::toString);
    assertTrue(rows.at("/other/trained").asInt() > 0, rows::toString);
    var copy = new ByteArrayOutputStream();
    user.copy(ROOT + at + "mended?method=dpo", copy);
    assertEquals(
        pair.formatted("a?", "no") + "{\"input\":{}}\n" + row(1) + "\n", copy.toString(UTF_8));
    var mends = user.get(ROOT + at + "mends?method=dpo");
    assertEquals("same_outputs", mends.at("/changes/0/code").asString(), mends::toString);
    refused(400, at + "check?method=magic&model=" + BASE, "'magic'");
  }

  @Test
  void anEstimateOfReinforcementIsTheMostThatItsAnswersCanCome() throws Exception {
    KeptPaces.keep(data.resolve(""), BASE, PACE);
    KeptPaces.keep(data.resolve(""), BASE, new DrawingPace(2, 0.001, 0.004, 1 << 20));
    String prompts =
        IntStream.range(0, ROWS)
            .mapToObj("{\"messages\":[{\"role\":\"user\",\"content\":\"%d?\"}]}\n"::formatted)
            .collect(Collectors.joining());
    String file = uploaded(prompts);
    String asked = estimate(file, "&method=reinforcement&n_epochs=2&validation_file=" + file);
    var usual = user.get(ROOT + asked);
    assertEquals(2 * 3, usual.path("steps").asInt(), usual::toString);
    assertEquals(2 * ROWS * 8, usual.path("answers").asInt(), usual::toString);
    assertEquals(2 * ROWS * 8 * 256, usual.path("trained_tokens").asInt(), usual::toString);
    assertTrue(usual.path("at_most").asBoolean(), usual::toString);
    var half = user.get(ROOT + asked + "&compute_multiplier=0.5&eval_interval=auto");
    assertEquals(2 * ROWS * 4, half.path("answers").asInt(), half::toString);
    assertTrue(half.path("seconds").asDouble() < usual.path("seconds").asDouble(), half::toString);
    refused(400, asked + "&compute_multiplier=eleven", "'compute_multiplier'");
    refused(400, asked + "&compute_multiplier=11", "'compute_multiplier'");
    refused(400, asked + "&eval_samples=0", "'eval_samples'");
  }

  private static String text(JsonNode pieces) {
    return pieces.valueStream().map(JsonNode::asString).collect(Collectors.joining());
  }

  @Test
  void promptsAreHeldAgainstTheGraderThatIsToReadThem() throws Exception {
    String prompt = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"%s\":\"yes\"}\n";
    String file = uploaded(prompt.formatted("a?", "answer") + prompt.formatted("b?", "reply"));
    String check = "files/" + file + "/check?method=reinforcement&part=validation&model=" + BASE;
    var form = user.get(ROOT + check);
    assertEquals(List.of(), codes(form));
    assertTrue(form.path("failure").isNull(), form::toString);
    assertTrue(form.path("tokens").asInt() > 0, form::toString);
    assertEquals(0, form.path("trained_tokens").asInt(), form::toString);
    String grader =
        "{\"type\":\"string_check\",\"name\":\"right\",\"operation\":\"eq\","
            + "\"input\":\"{{sample.output_text}}\",\"reference\":\"{{item.answer}}\"}";
    var held = user.get(ROOT + check + "&grader=" + URLEncoder.encode(grader, UTF_8));
    assertEquals(List.of("2 missing_field"), codes(held));
    assertEquals("{{item.answer}}", held.at("/findings/0/values/field").asString(), held::toString);
    refused(400, check + "&grader=" + URLEncoder.encode("{\"type\":1}", UTF_8), "grader");
    refused(400, check + "&grader=no", "'grader'");
    var rows = user.get(ROOT + check.replace("/check", "/rows")).at("/data/1");
    assertEquals(0, rows.path("trained").asInt(), rows::toString);
    assertTrue(rows.path("pieces").toString().contains("b"), rows::toString);
  }
}
