package dev.luthier.http.internal;

import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.trainer.Blob;
import dev.luthier.platform.trainer.GradingDesk;
import dev.luthier.platform.trainer.PublishedCheckpoint;
import dev.luthier.platform.trainer.ResumeState;
import dev.luthier.platform.trainer.TrainerDesk;
import dev.luthier.wire.internal.CheckpointRequest;
import dev.luthier.wire.internal.ErrorAnswer;
import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import dev.luthier.wire.internal.HeartbeatAnswer;
import dev.luthier.wire.internal.HeartbeatRequest;
import dev.luthier.wire.internal.MetricsRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What trainers ask and tell. Files pass through as streams.
final class TrainerRoutes {
  static final String STEP_HEADER = "Luthier-Step";

  /// As many rows as are judged at once, each of the longest.
  private static final int GRADE_BYTES_MAX = 16 << 20;

  private final TrainerDesk desk;
  private final GradingDesk grading;

  TrainerRoutes(TrainerDesk desk, GradingDesk grading) {
    this.desk = desk;
    this.grading = grading;
  }

  void job(Context context, String token) {
    Bodies.answer(context, TrainerRecords.wire(desk.job(token)));
  }

  void trainingFile(Context context, String token) throws IOException {
    Bodies.answer(context, desk.trainingFile(token));
  }

  void validationFile(Context context, String token) throws IOException {
    answerIfThere(context, desk.validationFile(token), "the job has no validation file");
  }

  void resumeState(Context context, String token) throws IOException {
    Optional<ResumeState> state = desk.resumeState(token);
    state.ifPresent(present -> context.header(STEP_HEADER, String.valueOf(present.step())));
    answerIfThere(context, state.map(ResumeState::blob), "the job has no resume state yet");
  }

  private static void answerIfThere(Context context, Optional<Blob> blob, String otherwise) {
    if (blob.isPresent()) {
      Bodies.answer(context, blob.get());
    } else {
      Bodies.answer(context.status(404), ErrorAnswer.of("not_found", otherwise));
    }
  }

  void putResumeState(Context context, String token) throws IOException {
    String step = Objects.requireNonNullElse(context.queryParam("step"), "");
    desk.putResumeState(token, step(step), context.bodyInputStream());
    context.status(204);
  }

  void heartbeat(Context context, String token) throws IOException {
    HeartbeatRequest request = Bodies.read(context, HeartbeatRequest.class);
    HeartbeatAnswer.Directive directive =
        switch (desk.heartbeat(token, request.step())) {
          case CONTINUE -> HeartbeatAnswer.Directive.CONTINUE;
          case STOP -> HeartbeatAnswer.Directive.STOP;
        };
    Bodies.answer(context, new HeartbeatAnswer(directive));
  }

  void metrics(Context context, String token) throws IOException {
    MetricsRequest request = Bodies.read(context, MetricsRequest.class);
    desk.metrics(token, request.steps().stream().map(TrainerRecords::domain).toList());
    context.status(204);
  }

  void manifest(Context context, String token) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    Bodies.read(context, JsonNode.class)
        .properties()
        .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asString()));
    desk.manifest(token, facts);
    context.status(204);
  }

  void event(Context context, String token) throws IOException {
    EventRequest request = Bodies.read(context, EventRequest.class);
    EventLevel level =
        switch (request.level()) {
          case INFO -> EventLevel.INFO;
          case WARN -> EventLevel.WARN;
          case ERROR -> EventLevel.ERROR;
        };
    desk.event(token, level, request.message());
    context.status(204);
  }

  void grade(Context context, String token) throws IOException {
    GradeRequest request = Bodies.read(context, GradeRequest.class, GRADE_BYTES_MAX);
    List<GradingDesk.Judged> answers =
        request.samples().stream()
            .map(sample -> new GradingDesk.Judged(sample.item(), sample.outputText()))
            .toList();
    GradingDesk.Verdicts verdicts = grading.grade(token, answers);
    Bodies.answer(
        context,
        new GradeAnswer(
            verdicts.grades().stream()
                .map(grade -> GradeRecords.wire(verdicts.grader(), grade))
                .toList()));
  }

  void stageCheckpointFile(Context context, String token) throws IOException {
    desk.stageCheckpointFile(
        token,
        step(context.pathParam("step")),
        context.pathParam("file"),
        context.bodyInputStream());
    context.status(204);
  }

  void publishCheckpoint(Context context, String token) throws IOException {
    CheckpointRequest request = Bodies.read(context, CheckpointRequest.class);
    desk.publishCheckpoint(
        token,
        new PublishedCheckpoint(
            step(context.pathParam("step")),
            request.epoch(),
            TrainerRecords.domain(request.metrics()),
            request.files()));
    context.status(204);
  }

  void finish(Context context, String token) throws IOException {
    desk.finish(token, TrainerRecords.domain(Bodies.read(context, FinishRequest.class)));
    context.status(204);
  }

  private static int step(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException("step must be a number of 1 to 9 digits, but is " + text);
    }
    return Integer.parseInt(text);
  }
}
