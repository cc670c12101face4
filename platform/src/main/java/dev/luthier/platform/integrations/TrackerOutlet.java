package dev.luthier.platform.integrations;

import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.Integration;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Sends a job's figures to a tracking service, a line a step. What fails is tried again after a
/// growing pause; what is refused, or has failed too often in a row, ends it with a warning.
final class TrackerOutlet implements Outlet {
  static final int FAILURES_MAX = 12;
  static final int LINES_MAX = 500;
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private final Integration.Wandb asked;
  private final Tracker tracker;
  private final Function<String, List<StepMetricsRecord>> metrics;
  private final Story story;
  private final Clock clock;
  private Optional<Tracker.Run> run = Optional.empty();
  private int sent;
  private int failures;
  private Instant nextTry = Instant.MIN;
  private Instant lastWord = Instant.MIN;
  private boolean over;

  TrackerOutlet(
      Integration.Wandb asked,
      Tracker tracker,
      Function<String, List<StepMetricsRecord>> metrics,
      Story story,
      Clock clock) {
    this.asked = asked;
    this.tracker = tracker;
    this.metrics = metrics;
    this.story = story;
    this.clock = clock;
  }

  @Override
  public boolean deliver(Job job) {
    if (over || !hasSomethingToSay(job)) {
      return job.state().terminal();
    }
    if (!clock.instant().isBefore(nextTry)) {
      tryOnce(job);
    }
    return over;
  }

  private boolean hasSomethingToSay(Job job) {
    return run.isPresent() || job.run().lastStep() > 0 || job.state() == JobState.RUNNING;
  }

  private void tryOnce(Job job) {
    try {
      send(job);
      failures = 0;
    } catch (Tracker.RefusedException e) {
      over = true;
      warn(job, "refused the figures: %s. They are not sent.", e);
    } catch (IOException e) {
      failures++;
      Duration pause = Duration.ofSeconds(1L << Math.min(failures, 10));
      nextTry = clock.instant().plus(pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX);
      over = failures >= FAILURES_MAX;
      warn(
          job,
          over
              ? "could not be reached (%s); what is missing there is not sent any more"
              : "cannot be reached (%s); the figures are sent again later",
          e);
    }
  }

  private void warn(Job job, String what, IOException e) {
    story.say(job, EventLevel.WARN, "Weights & Biases " + what.formatted(e.getMessage()));
  }

  private void send(Job job) throws IOException {
    Tracker.Run its = begun(job);
    if (job.run().lastStep() > sent) {
      sendLines(its, job);
    } else if (job.state() == JobState.RUNNING && silentTooLong()) {
      tracker.history(its, sent, List.of());
      lastWord = clock.instant();
    }
    if (job.state().terminal()) {
      tracker.end(its, job.state() == JobState.SUCCEEDED);
      over = true;
    }
  }

  private Tracker.Run begun(Job job) throws IOException {
    if (run.isEmpty()) {
      Tracker.Run begun = tracker.begin(description(job));
      run = Optional.of(begun);
      sent = begun.lines();
      lastWord = clock.instant();
      story.say(job, EventLevel.INFO, "Weights & Biases run: " + begun.url());
    }
    return run.get();
  }

  private boolean silentTooLong() {
    return clock.instant().isAfter(lastWord.plus(SILENCE_MAX));
  }

  private void sendLines(Tracker.Run its, Job job) throws IOException {
    List<Map<String, Double>> lines = lines(job);
    while (sent < lines.size()) {
      List<Map<String, Double>> some =
          lines.subList(sent, Math.min(lines.size(), sent + LINES_MAX));
      tracker.history(its, sent, some);
      sent += some.size();
      lastWord = clock.instant();
    }
  }

  private List<Map<String, Double>> lines(Job job) {
    var lines = new ArrayList<Map<String, Double>>();
    double runtime = 0;
    for (StepMetricsRecord step : metrics.apply(job.id())) {
      runtime += step.effort().map(StepMetricsRecord.Effort::seconds).orElse(0.0);
      var line = new LinkedHashMap<String, Double>(Figures.of(step));
      line.put("_step", (double) step.step());
      line.put("_runtime", runtime);
      line.put("_timestamp", job.createdAt().getEpochSecond() + runtime);
      lines.add(line);
    }
    return lines;
  }

  private Tracker.Description description(Job job) {
    var config = new LinkedHashMap<String, String>();
    config.put("model", job.model());
    config.put("training_file", job.trainingFile());
    job.validationFile().ifPresent(file -> config.put("validation_file", file));
    config.put("seed", Integer.toString(job.seed()));
    job.hyperparameters().epochs().ifPresent(n -> config.put("n_epochs", n.toString()));
    job.hyperparameters().batchSize().ifPresent(n -> config.put("batch_size", n.toString()));
    job.hyperparameters()
        .learningRateMultiplier()
        .ifPresent(rate -> config.put("learning_rate_multiplier", rate.toString()));
    return new Tracker.Description(
        job.id(),
        asked.project(),
        asked.entity(),
        asked.name().orElse(job.id()),
        asked.tags(),
        config);
  }
}
