package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.integrations.TensorBoardFile;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobQuery;
import dev.luthier.platform.jobs.StepMetricsRecord;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/// Jobs as the dashboard draws them: all of them in few words, and one of them in curves.
public final class JobFigures {
  private static final int JOBS_MAX = 1000;
  private static final int SPARKLINES_MAX = 50;
  private static final int SPARKLINE_POINTS = 40;

  private final FineTuningService jobs;

  public JobFigures(FineTuningService jobs) {
    this.jobs = jobs;
  }

  /// A line of the list.
  ///
  /// @param place in the queue, from 1; empty for a job that waits for nothing
  private record Summary(
      String id,
      String status,
      String model,
      Optional<String> fineTunedModel,
      Optional<String> suffix,
      long createdAt,
      Optional<Long> startedAt,
      Optional<Long> finishedAt,
      Optional<Long> estimatedFinish,
      int step,
      Optional<Integer> totalSteps,
      Optional<Integer> place) {}

  private record Listing(List<Summary> data, boolean hasMore) {}

  void list(Context context) {
    var query = new JobQuery(PageQuery.read(context, JOBS_MAX, JOBS_MAX), Map.of(), false);
    var page = jobs.list(query);
    var places = places();
    Answers.compact(
        context,
        new Listing(
            page.data().stream().map(job -> summary(job, places)).toList(), page.hasMore()));
  }

  void get(Context context) {
    Answers.compact(context, summary(jobs.get(context.pathParam("id")), places()));
  }

  /// Moves the job among those that wait, to the `place` of the body, from 1.
  void move(Context context) throws IOException {
    int place = JsonBody.read(context).required("place").integer(1, Integer.MAX_VALUE);
    jobs.moveTo(context.pathParam("id"), place);
    get(context);
  }

  /// Where each waiting job stands, from 1.
  private Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    jobs.waiting().forEach(job -> places.put(job.id(), places.size() + 1));
    return places;
  }

  private static Summary summary(Job job, Map<String, Integer> places) {
    return new Summary(
        job.id(),
        job.state().text(),
        job.model(),
        job.fineTunedModel(),
        job.suffix(),
        job.createdAt().getEpochSecond(),
        job.run().startedAt().map(Instant::getEpochSecond),
        job.finishedAt().map(Instant::getEpochSecond),
        job.estimatedFinish().map(Instant::getEpochSecond),
        job.run().lastStep(),
        boxed(job.run().totalSteps()),
        Optional.ofNullable(places.get(job.id())));
  }

  /// Figures by column, which is how curves are drawn; a figure that was not measured is null.
  private record Curves(
      List<Integer> step,
      List<Double> trainLoss,
      List<Double> trainAccuracy,
      List<Optional<Double>> validLoss,
      List<Optional<Double>> validAccuracy,
      List<Optional<Double>> fullValidLoss,
      List<Optional<Double>> fullValidAccuracy,
      List<Optional<Double>> learningRate,
      List<Optional<Double>> gradientNorm,
      List<Optional<Double>> tokensPerSecond,
      Map<String, List<Optional<Double>>> measures,
      int totalSteps) {}

  /// The steps after the one that `after` names.
  void metrics(Context context) {
    int after = PageQuery.parameter(context, "after").map(JobFigures::step).orElse(0);
    var figures =
        jobs.metrics(context.pathParam("id")).stream().filter(one -> one.step() > after).toList();
    Answers.compact(context, curves(figures));
  }

  /// All steps as an event file of TensorBoard, whether or not the job keeps one.
  void tensorBoard(Context context) {
    var job = jobs.get(context.pathParam("id"));
    var name = TensorBoardFile.name(job.createdAt());
    context
        .contentType("application/octet-stream")
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .result(TensorBoardFile.of(job.createdAt(), jobs.metrics(job.id())));
  }

  private static int step(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw ApiException.invalidType("after", "an integer", "a string");
    }
    return Integer.parseInt(text);
  }

  private static Curves curves(List<StepMetricsRecord> figures) {
    return new Curves(
        figures.stream().map(StepMetricsRecord::step).toList(),
        figures.stream().map(StepMetricsRecord::trainLoss).toList(),
        figures.stream().map(StepMetricsRecord::trainMeanTokenAccuracy).toList(),
        figures.stream().map(one -> boxed(one.validLoss())).toList(),
        figures.stream().map(one -> boxed(one.validMeanTokenAccuracy())).toList(),
        figures.stream().map(one -> boxed(one.fullValidLoss())).toList(),
        figures.stream().map(one -> boxed(one.fullValidMeanTokenAccuracy())).toList(),
        effort(figures, StepMetricsRecord.Effort::learningRate),
        effort(figures, StepMetricsRecord.Effort::gradientNorm),
        effort(figures, effort -> effort.tokens() / Math.max(effort.seconds(), 1e-6)),
        measures(figures),
        figures.isEmpty() ? 0 : figures.getLast().totalSteps());
  }

  /// What only the job's method has, by the names of the API; empty where a step lacks one.
  private static Map<String, List<Optional<Double>>> measures(List<StepMetricsRecord> figures) {
    Map<String, List<Optional<Double>>> columns = new TreeMap<>();
    figures.stream()
        .flatMap(one -> one.figures().keySet().stream())
        .distinct()
        .forEach(name ->
            columns.put(
                name,
                figures.stream()
                    .map(one -> Optional.ofNullable(one.measures().get(name)))
                    .toList()));
    return columns;
  }

  private static List<Optional<Double>> effort(
      List<StepMetricsRecord> figures, Function<StepMetricsRecord.Effort, Double> figure) {
    return figures.stream().map(one -> one.effort().map(figure)).toList();
  }

  /// The training losses of the jobs that `ids` names, thinned to what a line of text has room for.
  void sparklines(Context context) {
    var ids = PageQuery.parameter(context, "ids").map(text -> text.split(",", -1));
    if (ids.isPresent() && ids.get().length > SPARKLINES_MAX) {
      throw ApiException.tooMany("ids", SPARKLINES_MAX, ids.get().length);
    }
    Map<String, List<Double>> lines = new LinkedHashMap<>();
    for (String id : ids.orElse(new String[0])) {
      lines.put(id, thinned(jobs.metrics(id)));
    }
    Answers.compact(context, lines);
  }

  private static List<Double> thinned(List<StepMetricsRecord> figures) {
    int size = Math.min(figures.size(), SPARKLINE_POINTS);
    List<Double> points = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      points.add(figures.get((int) ((long) i * figures.size() / size)).trainLoss());
    }
    return points;
  }

  private record CheckpointLine(
      String id,
      long createdAt,
      String model,
      int step,
      int epoch,
      double trainLoss,
      double trainAccuracy,
      Optional<Double> validLoss,
      Optional<Double> validAccuracy,
      boolean last) {}

  /// Every checkpoint, also while the job runs, in order of steps.
  void checkpoints(Context context) {
    var lines = new ArrayList<CheckpointLine>();
    jobs.allCheckpoints(context.pathParam("id")).forEach(one -> lines.addFirst(line(one)));
    Answers.compact(context, Map.of("data", lines));
  }

  private static CheckpointLine line(Checkpoint one) {
    var figures = one.metrics();
    return new CheckpointLine(
        one.id(),
        one.createdAt().getEpochSecond(),
        one.modelName(),
        one.stepNumber(),
        one.epoch(),
        figures.trainLoss(),
        figures.trainMeanTokenAccuracy(),
        boxed(figures.fullValidLoss().isPresent() ? figures.fullValidLoss() : figures.validLoss()),
        boxed(
            figures.fullValidMeanTokenAccuracy().isPresent()
                ? figures.fullValidMeanTokenAccuracy()
                : figures.validMeanTokenAccuracy()),
        one.last());
  }

  private static Optional<Double> boxed(OptionalDouble figure) {
    return figure.isPresent() ? Optional.of(figure.getAsDouble()) : Optional.empty();
  }

  private static Optional<Integer> boxed(OptionalInt figure) {
    return figure.isPresent() ? Optional.of(figure.getAsInt()) : Optional.empty();
  }
}
