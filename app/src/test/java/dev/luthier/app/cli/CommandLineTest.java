package dev.luthier.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.app.bases.Stages;
import dev.luthier.app.client.ServerFile;
import dev.luthier.app.config.Config;
import dev.luthier.app.config.Setting;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CommandLineTest {
  private static final String ROW =
      "{\"messages\":[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"q\"},"
          + "{\"role\":\"assistant\",\"content\":\"a\"}]}\n";
  @TempDir Path data;
  private ApiStandIn server;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String input = "";

  @BeforeEach
  void startServer() throws IOException {
    server = new ApiStandIn();
    new ServerFile(server.url(), ApiStandIn.KEY, ProcessHandle.current().pid()).write(data);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void helpNamesEveryCommandAndTheExitCodes() {
    assertEquals(ExitCode.DONE, run("--help"));
    for (String word :
        new String[] {
          "serve", "tune", "chat", "jobs", "files", "models", "alias", "data", "bench", "Exit codes"
        }) {
      assertTrue(out().contains(word), word);
    }
    assertFalse(out().contains("rehearse"), "what users never type is not shown");
  }

  @Test
  void helpOfOneCommandIsFoundInEitherOrder() {
    for (String[] words : new String[][] {{"help", "serve"}, {"serve", "--help"}}) {
      out.reset();
      assertEquals(ExitCode.DONE, run(words));
      assertTrue(out().contains("--port"), out());
    }
    out.reset();
    assertEquals(ExitCode.USAGE, run());
    assertTrue(out().contains("serve") && out().contains("bench"), out());
  }

  @Test
  void anAliasIsSetListedAndRemoved() {
    server.on(
        "PUT /internal/ui/aliases/team%2Ffast", 200, "{\"name\":\"team/fast\",\"model\":\"base\"}");
    assertEquals(ExitCode.DONE, run("alias", "set", "team/fast", "base"));
    assertEquals("{\"model\":\"base\"}", server.asked.getLast().body());
    assertTrue(out().contains("team/fast stands for base"), out());
    server.on(
        "GET /internal/ui/aliases",
        200,
        "{\"data\":[{\"name\":\"old\",\"model\":\"gone\",\"built_in\":false,\"answers\":false}]}");
    assertEquals(ExitCode.DONE, run("alias", "list"));
    assertTrue(out().contains("no such model"), out());
    server.on("DELETE /internal/ui/aliases/old", 200, "{}");
    assertEquals(ExitCode.DONE, run("alias", "remove", "old"));
    assertTrue(out().contains("Removed old"), out());
  }

  @Test
  void aLinkLogsInToTheDashboardOfTheServer() {
    server.on("POST /internal/ui/links", 200, "{\"code\":\"ab12\"}");
    assertEquals(ExitCode.DONE, run("link"));
    assertEquals(server.url() + "/#link=ab12", out().strip());
  }

  @Test
  void theVersionIsPrinted() {
    assertEquals(ExitCode.DONE, run("--version"));
    assertTrue(out().startsWith("luthier "), out());
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    assertEquals(ExitCode.USAGE, run("tunes"));
    assertTrue(err().contains("tune"), err());
  }

  @Test
  void theServerOfTheDataFolderIsFoundWithoutAKey() {
    server.on("GET /v1/models", 200, "{\"data\":[{\"id\":\"base\",\"owned_by\":\"system\"}]}");
    assertEquals(ExitCode.DONE, run("models", "list"));
    assertTrue(out().contains("base") && out().contains("system"), out());
  }

  @Test
  void theCredentialFileIsTheOwnersAlone() throws IOException {
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("server.json"))));
  }

  @Test
  void jsonIsTheServersOwn() {
    server.on("GET /v1/models", 200, "{\"object\":\"list\",\"data\":[]}");
    assertEquals(ExitCode.DONE, run("models", "list", "--json"));
    assertEquals("list", Json.tree(out()).path("object").asString());
  }

  @Test
  void aRefusalIsItsSentence() {
    assertEquals(ExitCode.FAILED, run("jobs", "show", "ftjob-x"));
    assertTrue(err().startsWith("luthier: no GET /v1/fine_tuning/jobs/ftjob-x (404"), err());
    assertFalse(err().contains("\tat "), "never a stack trace");
  }

  @Test
  void aNamedServerGetsTheKeyOfTheEnvironmentOnly() {
    environment.put("OPENAI_API_KEY", "sk-wrong");
    assertEquals(ExitCode.FAILED, run("--server", server.url().toString(), "models", "list"));
    assertTrue(err().contains("Incorrect API key") && err().contains("LUTHIER_API_KEY"), err());
  }

  @Test
  void noServerIsExitThreeWithTheRemedy() throws IOException {
    ServerFile.delete(data);
    assertEquals(ExitCode.NO_SERVER, run("jobs", "list"));
    assertTrue(err().contains("luthier serve"), err());
  }

  @Test
  void aSettingThatIsUnknownIsNamed() {
    environment.put("LUTHIER_PROT", "1");
    assertEquals(ExitCode.FAILED, run("jobs", "list"));
    assertTrue(err().contains("'LUTHIER_PORT'"), err());
  }

  @Test
  void anIdBecomesOnePartOfThePath() {
    server.on("DELETE /v1/models/ft%3Abase%3Ax%2Fy", 200, "{\"deleted\":true}");
    assertEquals(ExitCode.DONE, run("models", "delete", "ft:base:x/y"));
    assertEquals("Deleted ft:base:x/y", out().strip());
  }

  @Test
  void anUploadCarriesPurposeNameAndBytes() throws IOException {
    Path file = Files.writeString(data.resolve("rows.jsonl"), ROW);
    server.on("POST /v1/files", 200, "{\"id\":\"file-1\"}");
    assertEquals(ExitCode.DONE, run("files", "upload", file.toString()));
    String body = server.asked.getLast().body();
    assertTrue(body.contains("fine-tune") && body.contains("filename=\"rows.jsonl\""), body);
    assertTrue(body.contains(ROW), body);
  }

  @Test
  void contentNeverOverwrites() throws IOException {
    Path file = Files.writeString(data.resolve("mine"), "mine");
    assertEquals(ExitCode.USAGE, run("files", "content", "file-1", "-o", file.toString()));
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void eventsAreShownOldestFirst() {
    server.on(
        "GET /v1/fine_tuning/jobs/ftjob-1/events?limit=100",
        200,
        "{\"data\":[{\"message\":\"second\"},{\"message\":\"first\"}]}");
    assertEquals(ExitCode.DONE, run("jobs", "events", "ftjob-1"));
    assertTrue(out().indexOf("first") < out().indexOf("second"), out());
  }

  @Test
  void aPageIsAskedForByItsSizeAndTheIdBeforeIt() {
    server.on(
        "GET /v1/files?limit=2&after=file-9",
        200,
        "{\"has_more\":true,\"data\":[{\"id\":\"file-7\"}]}");
    assertEquals(ExitCode.DONE, run("files", "list", "--limit", "2", "--after", "file-9"));
    assertTrue(out().contains("More: --after file-7"), out());
    server.on("GET /v1/fine_tuning/jobs?limit=20", 200, "{\"data\":[]}");
    assertEquals(ExitCode.DONE, run("jobs", "list"));
    server.on("GET /v1/fine_tuning/jobs/ftjob-1/events?limit=3&after=e2", 200, "{\"data\":[]}");
    assertEquals(ExitCode.DONE, run("jobs", "events", "ftjob-1", "--limit", "3", "--after", "e2"));
  }

  @Test
  void serveTakesEverySettingAsAFlag() {
    assertEquals(ExitCode.DONE, run("serve", "--help"));
    for (Setting setting : Setting.values()) {
      assertTrue(out().contains(setting.flag()), setting + " in\n" + out());
    }
    assertEquals(
        ExitCode.FAILED,
        run("serve", "--cores", "even", "--trainer-heap-mb=99", "--api-key", "sk-secret"));
    assertTrue(out().contains("cores = even (--cores)"), out());
    assertTrue(out().contains("trainer_heap_mb = 99 (--trainer-heap-mb)"), out());
    assertTrue(out().contains("api_key = ******** (--api-key)"), out());
    assertTrue(out().contains("port = 8420 (default)"), out());
  }

  @Test
  void chatStreamsTheAnswerToAQuestionFromAPipe() {
    input = "Who are you?\n";
    server.on(
        "POST /v1/chat/completions",
        200,
        """
        data: {"choices":[{"delta":{"content":"I am "}}]}

        : a comment

        data: {"choices":[{"delta":{"content":"Bea"}}]}

        data: [DONE]

        """);
    assertEquals(ExitCode.DONE, run("chat", "base", "--system", "S"));
    assertEquals("I am Bea", out().strip());
    JsonNode sent = Json.tree(server.asked.getLast().body());
    assertEquals("S", sent.at("/messages/0/content").asString());
    assertEquals("Who are you?", sent.at("/messages/1/content").asString());
    assertTrue(sent.path("stream").asBoolean());
  }

  @Test
  void chatWithoutAQuestionSaysSo() {
    assertEquals(ExitCode.USAGE, run("chat", "base"));
    assertTrue(err().contains("no question"), err());
  }

  @Test
  void aBrokenAnswerIsNotTakenForAWholeOne() {
    server.on("POST /v1/chat/completions", 200, "data: {\"choices\":[]}\n\n");
    assertEquals(ExitCode.NO_SERVER, run("chat", "base", "hello"));
    assertTrue(err().contains("broke off"), err());
  }

  @Test
  void aCheckNamesTheLineAndFails() throws IOException {
    Path file = Files.writeString(data.resolve("rows.jsonl"), ROW.repeat(10) + "{broken\n");
    assertEquals(ExitCode.FAILED, run("data", "check", file.toString()));
    assertTrue(out().contains(file + ":11:2: error: "), out());
    Files.writeString(file, ROW.repeat(10));
    assertEquals(ExitCode.DONE, run("data", "check", file.toString()));
  }

  @Test
  void rowsOfTwoAnswersAreCheckedAndTrainedOn() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int r = 0; r < 10; r++) {
      rows.append(
          """
          {"input":{"messages":[{"role":"user","content":"%d?"}]},\
          "preferred_output":[{"role":"assistant","content":"a"}],\
          "non_preferred_output":[{"role":"assistant","content":"b"}]}
          """
              .formatted(r));
    }
    Path file = Files.writeString(data.resolve("rows.jsonl"), rows + "{}\n");
    assertEquals(ExitCode.FAILED, run("data", "check", "--method", "dpo", file.toString()));
    assertTrue(out().contains(file + ":11:1: error: "), out());
    assertTrue(out().contains("[missing_preference_key]"), out());
    Files.writeString(file, rows);
    layDownAJob("succeeded", "\"ft:base:me::1\"", "null");
    assertEquals(
        ExitCode.DONE, run("tune", file.toString(), "--method", "dpo", "--beta", "0.2"), this::err);
    JsonNode job = Json.tree(body("POST /v1/fine_tuning/jobs"));
    assertEquals("dpo", job.at("/method/type").asString());
    assertEquals(0.2, job.at("/method/dpo/hyperparameters/beta").asDouble());
    assertEquals(ExitCode.USAGE, run("tune", file.toString(), "--beta", "0.2"));
  }

  @Test
  void promptsAreHeldAgainstTheirGraderAndSentWithIt() throws IOException {
    String rows = "";
    for (int r = 0; r < 10; r++) {
      rows +=
          "{\"messages\":[{\"role\":\"user\",\"content\":\"%d?\"}],\"answer\":\"a\"}\n"
              .formatted(r);
    }
    Path file = Files.writeString(data.resolve("prompts.jsonl"), rows);
    Path held = Files.writeString(data.resolve("held.jsonl"), rows.replace("?", "!"));
    Path grader =
        Files.writeString(
            data.resolve("grader.json"),
            """
            {"type":"string_check","name":"right","operation":"eq",\
            "input":"{{sample.output_text}}","reference":"{{item.answer}}"}
            """);
    String[] tune = {
      "tune",
      "--method",
      "reinforcement",
      "--grader",
      grader.toString(),
      file.toString(),
      "--validation",
      held.toString(),
      "--compute-multiplier",
      "0.5"
    };
    layDownAJob("succeeded", "\"ft:base:me::1\"", "null");
    assertEquals(ExitCode.DONE, run(tune), this::err);
    JsonNode method = Json.tree(body("POST /v1/fine_tuning/jobs")).path("method");
    assertEquals("reinforcement", method.path("type").asString());
    assertEquals("right", method.at("/reinforcement/grader/name").asString());
    assertEquals(0.5, method.at("/reinforcement/hyperparameters/compute_multiplier").asDouble());

    Files.writeString(file, rows.replaceFirst("answer", "reply"));
    String[] check = {
      "data", "check", "--method", "reinforcement", "--grader", grader.toString(), file.toString()
    };
    assertEquals(ExitCode.FAILED, run(check));
    assertTrue(out().contains(file + ":1:1: error: "), out());
    assertTrue(out().contains("{{item.answer}} [missing_field]"), out());
    assertEquals(ExitCode.USAGE, run("data", "check", "--grader", "g.json", file.toString()));
    assertEquals(ExitCode.USAGE, run("tune", "--method", "reinforcement", file.toString()));
    assertEquals(ExitCode.USAGE, run(Arrays.copyOf(tune, 6)), "no file to validate with");
    Files.writeString(grader, "{\"type\":\"python\"}");
    assertEquals(ExitCode.USAGE, run(check));
    assertTrue(err().contains(grader + ": "), err());
  }

  @Test
  void aFindingHasPlaceCodeAndRemedyAndTheMendedCopyIsWithoutIt() throws IOException {
    String rows = "";
    for (int r = 0; r < 10; r++) {
      rows += ROW.replaceFirst("\"content\":\"", "\"content\":\"" + r);
    }
    Path file = Files.writeString(data.resolve("rows.jsonl"), "\uFEFF" + rows + "{\"a\":1,}\n");
    Path copy = data.resolve("copy.jsonl");
    assertEquals(ExitCode.FAILED, run("data", "check", "--mend", copy.toString(), file.toString()));
    assertTrue(out().contains(file + ":11:8: error: "), out());
    assertTrue(out().contains("[trailing_comma]\n  Take the comma out."), out());
    assertTrue(out().contains("line 11: trailing_comma, mended"), out());
    assertEquals(rows + "{\"a\":1}\n", Files.readString(copy));
  }

  @Test
  void aCheckAsJsonIsOneObject() throws IOException {
    Path file = Files.writeString(data.resolve("rows.jsonl"), ROW.repeat(3));
    assertEquals(ExitCode.FAILED, run("data", "check", "--json", file.toString()));
    JsonNode report = Json.tree(out());
    assertFalse(report.path("good").asBoolean());
    assertEquals(3, report.path("examples").asInt());
  }

  @Test
  void tuneSendsNothingWhenTheFileIsBroken() throws IOException {
    Path file = Files.writeString(data.resolve("rows.jsonl"), ROW.repeat(3));
    assertEquals(ExitCode.FAILED, run("tune", file.toString()));
    assertTrue(err().contains("nothing was sent"), err());
    assertTrue(server.asked.isEmpty(), server.asked.toString());
  }

  @Test
  void tuneTrainsShowsTheLossAndComparesTheAnswers() throws IOException {
    Path file = Files.writeString(data.resolve("rows.jsonl"), ROW.repeat(10));
    layDownAJob("succeeded", "\"ft:base:me::1\"", "null");
    server.on(
        "POST /v1/chat/completions",
        200,
        "{\"choices\":[{\"message\":{\"content\":\"an answer\"}}]}");
    int code =
        run(
            "tune",
            file.toString(),
            "--suffix",
            "s",
            "--epochs",
            "1",
            "--early-stopping",
            "2",
            "--keep",
            "best",
            "--lora-rank",
            "8",
            "--seed",
            "7",
            "--ask",
            "q?");
    assertEquals(ExitCode.DONE, code, this::err);
    JsonNode job = Json.tree(body("POST /v1/fine_tuning/jobs"));
    assertEquals("file-1", job.path("training_file").asString());
    assertEquals("s", job.path("suffix").asString());
    assertEquals(7, job.path("seed").asInt());
    JsonNode numbers = job.at("/method/supervised/hyperparameters");
    assertEquals(
        Json.tree(
            """
            {"n_epochs": 1, "early_stopping": {"patience": 2, "min_delta": 0.0}, "keep": "best",
             "lora_rank": 8}
            """),
        numbers);
    assertTrue(err().contains("loss 1.500"), err());
    assertTrue(out().contains("fine-tune: ft:base:me::1") && out().contains("an answer"), out());
    JsonNode question = Json.tree(server.asked.getLast().body());
    assertEquals("S", question.at("/messages/0/content").asString(), "the rows' own system prompt");
  }

  @Test
  void tuneSaysWhyAJobFailed() throws IOException {
    Path file = Files.writeString(data.resolve("rows.jsonl"), ROW.repeat(10));
    layDownAJob("failed", "null", "{\"message\":\"the disk is full\"}");
    assertEquals(ExitCode.FAILED, run("tune", file.toString()));
    assertTrue(err().contains("ftjob-1 failed: the disk is full"), err());
  }

  @Test
  void longAnswersAreWrappedAtBlanks() {
    assertEquals(2, Comparison.wrap("word ".repeat(12).strip()).size());
    assertTrue(Comparison.wrap("x".repeat(100)).stream().allMatch(line -> line.length() <= 46));
  }

  private void layDownAJob(String status, String model, String error) {
    String job =
        """
        {"id":"ftjob-1","object":"fine_tuning.job","status":"%s","created_at":0,
         "finished_at":1,"model":"base","fine_tuned_model":%s,"trained_tokens":90,
         "hyperparameters":{"n_epochs":1},"error":%s}
        """
            .formatted(status, model, error);
    server.on("POST /v1/files", 200, "{\"id\":\"file-1\"}");
    server.on("POST /v1/fine_tuning/jobs", 200, job);
    server.on("GET /v1/fine_tuning/jobs/ftjob-1", 200, job);
    server.on(
        "GET /v1/fine_tuning/jobs/ftjob-1/events?limit=10",
        200,
        "{\"has_more\":false,\"data\":[{\"id\":\"e1\",\"type\":\"metrics\",\"message\":\"Step\","
            + "\"data\":{\"step\":1,\"total_steps\":10,\"train_loss\":1.5}}]}");
  }

  @Test
  void benchTrainTakesItsRowsByData() throws IOException {
    Path rows = Files.writeString(data.resolve("rows.jsonl"), ROW);
    Files.createDirectories(data.resolve("bases/here"));
    Files.writeString(data.resolve("bases/here/base.json"), "{}");
    assertEquals(
        ExitCode.FAILED, run("bench", "train", "--data", rows.toString(), "--model", "here"));
    assertEquals("luthier: no weights\n", err(), "the measuring process says so");
    assertEquals("", out());
  }

  @Test
  void benchTrainNamesTheLineThatCannotBeTrainedOn() throws IOException {
    Path rows = Files.writeString(data.resolve("rows.jsonl"), ROW + "{\"messages\":[]}\n");
    Files.createDirectories(data.resolve("bases/here"));
    Files.writeString(data.resolve("bases/here/base.json"), "{}");
    assertEquals(
        ExitCode.FAILED, run("bench", "train", "--data", rows.toString(), "--model", "here"));
    assertTrue(err().contains("rows.jsonl:2:13: error"), err());
  }

  @Test
  void benchRefusesWhatCannotBeMeasured() {
    assertEquals(ExitCode.USAGE, run("bench", "train"));
    assertTrue(err().contains("--data"), err());
    assertEquals(ExitCode.USAGE, run("bench", "train", "--data", "rows.jsonl", "--steps", "0"));
    assertTrue(err().contains("--steps is 0; at least 1"), err());
    assertEquals(ExitCode.USAGE, run("bench", "generate", "--concurrency", "1,0"));
    assertTrue(err().contains("--concurrency is 0"), err());
    assertEquals(ExitCode.USAGE, run("bench", "generate", "--model", "ft:a:b::c"));
    assertTrue(err().contains("name its base"), err());
    assertEquals(ExitCode.FAILED, run("bench", "generate", "--model", "unheard-of"));
    assertTrue(err().contains("There is no base 'unheard-of'"), err());
  }

  private String body(String line) {
    return server.asked.stream()
        .filter(asked -> asked.line().equals(line))
        .findFirst()
        .orElseThrow()
        .body();
  }

  private int run(String... arguments) {
    environment.put("LUTHIER_DATA", data.toString());
    return LuthierCommand.run(
        new Surroundings(
            environment,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            new NoServers()),
        arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// These tests speak to the stand-in only.
  private static final class NoServers implements Servers {
    @Override
    public Running start(Config config, Stages stages) {
      throw new StartException("no server is started here");
    }

    @Override
    public void rehearse(Config config) {
      throw new StartException("no server is started here");
    }

    @Override
    public ProcessBuilder bench(Config config, WorkerKind kind) {
      return new ProcessBuilder("/bin/sh", "-c", "echo '{\"failure\":\"no weights\"}'");
    }
  }
}
