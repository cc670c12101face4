package dev.luthier.wire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InternalRecordsTest {
  private static final String SHA256 = "0123456789abcdef".repeat(4);
  private static final StepMetrics BARE = metrics(1, Optional.empty());
  private static final StepMetrics FULL = metrics(2, Optional.of(0.25));

  static Stream<Object> everyRecord() {
    var adapter = new AdapterRef("ft:a:b::c", "/data/adapters/a", SHA256);
    var base = new BaseRef("tiny", "/data/bases/tiny");
    return Stream.of(
        new EnrolRequest("luthier-1-ftjob-1-a1", "code"),
        new EnrolAnswer("token", WorkerKind.INFERENCE),
        job(base, Optional.empty()),
        job(base, Optional.of("/data/adapters/a")),
        new HeartbeatRequest(0),
        new HeartbeatAnswer(HeartbeatAnswer.Directive.STOP),
        new InferenceHeartbeatAnswer(InferenceHeartbeatAnswer.Directive.REGISTER),
        new MetricsRequest(List.of(BARE, FULL)),
        new EventRequest(EventRequest.Level.WARN, "Line 3 was cut"),
        new CheckpointRequest(1, FULL, Map.of("adapter_config.json", SHA256)),
        new FinishRequest(FinishRequest.Outcome.SUCCEEDED, 1_000, 20, Optional.empty()),
        new FinishRequest(
            FinishRequest.Outcome.FAILED,
            0,
            0,
            Optional.of(new FinishRequest.Failure("out_of_memory", "…", Optional.empty()))),
        new InferenceSpec(base),
        new RegisterRequest("http://127.0.0.1:1", "token", "tiny", 2048),
        ErrorAnswer.of(ErrorAnswer.FENCED, "attempt 1 has ended"),
        generate(GenerateRequest.Prompt.ofText("Once"), Optional.of(adapter)),
        generate(GenerateRequest.Prompt.ofTokens(List.of(1, 2)), Optional.empty()),
        generate(
            GenerateRequest.Prompt.ofMessages(
                Json.tree("[{\"role\":\"user\",\"content\":\"hi\"}]"), Optional.empty()),
            Optional.empty()),
        generate(
            GenerateRequest.Prompt.ofMessages(
                Json.tree("[]"), Optional.of(Json.tree("[{\"type\":\"function\"}]"))),
            Optional.of(adapter)));
  }

  @ParameterizedTest
  @MethodSource("everyRecord")
  void aRecordComesBackAsItWasSent(Object sent) {
    assertEquals(sent, Json.read(Json.bytes(sent), sent.getClass()));
  }

  static Stream<GenerateEvent> everyEvent() {
    var alternative = new GenerateEvent.Alternative("é", -1.5, List.of(0xC3, 0xA9));
    var logprob = new GenerateEvent.TokenLogprob("a", -0.5, List.of(97), List.of(alternative));
    return Stream.of(
        new GenerateEvent.Started(12),
        new GenerateEvent.Delta(0, "a \"b\"\n", List.of(logprob)),
        new GenerateEvent.Finished(1, "stop"),
        new GenerateEvent.Usage(12, 3, 5),
        new GenerateEvent.Failed(
            400, "too long", "invalid_request_error", Optional.of("messages"), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void anEventIsOneLineAndComesBack(GenerateEvent sent) {
    String line = GenerateEvents.line(sent);
    assertEquals(line.length() - 1, line.indexOf('\n'));
    assertEquals(sent, GenerateEvents.read(line.strip()));
  }

  @Test
  void anEventNamesItsKindAsItsOnlyKey() {
    assertEquals(
        "{\"finished\":{\"index\":0,\"finish_reason\":\"length\"}}\n",
        GenerateEvents.line(new GenerateEvent.Finished(0, "length")));
    assertThrows(
        IllegalArgumentException.class, () -> GenerateEvents.read("{\"begun\":{\"index\":0}}"));
    assertThrows(IllegalArgumentException.class, () -> GenerateEvents.read("{}"));
  }

  @Test
  void tokensAndCodesStayOutOfLogLines() {
    assertFalse(new EnrolRequest("launch", "sesame").toString().contains("sesame"));
    assertFalse(new EnrolAnswer("sesame", WorkerKind.TRAINER).toString().contains("sesame"));
    assertFalse(new RegisterRequest("http://h", "sesame", "b", 1).toString().contains("sesame"));
  }

  @Test
  void metricsMustRise() {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> new MetricsRequest(List.of(FULL, BARE)));
    assertTrue(refused.toString().contains("step 1 follows step 2"), refused.toString());
  }

  @Test
  void aPromptIsOneOfItsThreeForms() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new GenerateRequest.Prompt(
                Optional.empty(), Optional.empty(), Optional.of("text"), Optional.of(List.of(1))));
  }

  @Test
  void anErrorBelongsToAFailedEndOnly() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new FinishRequest(FinishRequest.Outcome.FAILED, 0, 0, Optional.empty()));
  }

  private static TrainerJob job(BaseRef base, Optional<String> parentAdapter) {
    return new TrainerJob(
        "ftjob-1",
        2,
        base,
        parentAdapter,
        parentAdapter.isPresent()
            ? new TrainerJob.Method.Dpo(0.1)
            : new TrainerJob.Method.Supervised(),
        new TrainerJob.Hyperparameters(10, 1, 7.5e-4),
        42,
        true,
        parentAdapter.map(_ -> 7));
  }

  private static GenerateRequest generate(
      GenerateRequest.Prompt prompt, Optional<AdapterRef> adapter) {
    return new GenerateRequest(
        prompt,
        adapter,
        2,
        0.7,
        0.9,
        Optional.of(Long.MAX_VALUE),
        List.of("\n"),
        Optional.of(16),
        0.5,
        -0.5,
        Map.of(50, -100.0),
        true,
        5,
        true,
        Optional.of(
            new GenerateRequest.Form(
                Optional.of(
                    new GenerateRequest.JsonForm(
                        Optional.of(Json.tree("{\"type\":\"object\"}")), true)),
                Optional.of(
                    new GenerateRequest.CallsForm(
                        List.of(new GenerateRequest.Function("f", Json.tree("{}"), false)),
                        2,
                        true)))));
  }

  private static StepMetrics metrics(int step, Optional<Double> valid) {
    return new StepMetrics(
        step,
        2,
        1,
        3.25,
        0.5,
        valid,
        valid,
        valid,
        valid,
        Map.of("train_reward_margin", 0.5),
        5e-4,
        1.25,
        100,
        0.125);
  }
}
