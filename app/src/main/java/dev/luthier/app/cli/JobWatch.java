package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import dev.luthier.platform.jobs.EventTexts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.ProgressBar;
import tools.jackson.databind.JsonNode;

/// Follows a job by its events: a progress bar with loss, tokens a second and time left, and a line
/// for everything else the job says.
final class JobWatch {
  private static final int LOOK_EVERY_MILLIS = 500;

  /// As many events as there are between two looks, as a rule: a look costs the training beside it.
  private static final int PAGE_FIRST = 10;

  private static final int PAGE_REST = 100;
  private static final int SEEN_MAX = 1000;
  private static final int LOST_LOOKS_MAX = 240;
  private static final long PACE_AFTER_NANOS = 2_000_000_000L;

  private final ApiClient client;
  private final String path;
  private final long tokensPerEpoch;
  private final Surroundings surroundings;
  private final BooleanSupplier silent;
  private final Set<String> seen = new LinkedHashSet<>();
  private Optional<ProgressBar> bar = Optional.empty();
  private Optional<Pace> pace = Optional.empty();
  private int lastStep;
  private OptionalLong startedAt = OptionalLong.empty();

  /// Nothing is asked yet.
  ///
  /// @param tokensPerEpoch of the training file; 0 when nobody counted them
  /// @param silent when nothing may be drawn
  JobWatch(
      ApiClient client,
      String id,
      long tokensPerEpoch,
      Surroundings surroundings,
      BooleanSupplier silent) {
    this.client = client;
    this.path = "fine_tuning/jobs/" + ApiClient.part(id);
    this.tokensPerEpoch = tokensPerEpoch;
    this.surroundings = surroundings;
    this.silent = silent;
  }

  /// The job as it ended. Outlives a restart of the server of two minutes.
  JsonNode untilDone() throws InterruptedException {
    int lost = 0;
    // Its end is an event that is no step's, written together with it.
    Optional<JsonNode> job = Optional.empty();
    try {
      while (true) {
        try {
          List<JsonNode> events = newEvents();
          if (job.isEmpty() || !events.stream().allMatch(JobWatch::tellsStep)) {
            job = Optional.of(client.get(path));
          }
          show(events, job.get());
          lost = 0;
          if (ended(job.get())) {
            show(newEvents(), job.get());
            return job.get();
          }
        } catch (ApiFailure failure) {
          if (failure.status() != ApiFailure.UNREACHABLE || ++lost > LOST_LOOKS_MAX) {
            throw failure;
          }
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } finally {
      bar.ifPresent(ProgressBar::close);
    }
  }

  /// When its trainer began, in seconds since 1970; of several the latest.
  OptionalLong startedAt() {
    return startedAt;
  }

  private static boolean ended(JsonNode job) {
    return !job.path("finished_at").isNull()
        || List.of("succeeded", "failed", "cancelled").contains(job.path("status").asString());
  }

  private static boolean tellsStep(JsonNode event) {
    return event.path("type").asString("").equals("metrics");
  }

  /// Events not shown yet, oldest first. The API lists the newest first; pages are asked for until
  /// a known event appears.
  private List<JsonNode> newEvents() {
    List<JsonNode> fresh = new ArrayList<>();
    String after = "";
    while (true) {
      JsonNode page =
          client.get(
              path + "/events" + Pages.query(after.isEmpty() ? PAGE_FIRST : PAGE_REST, after));
      for (JsonNode event : page.path("data")) {
        if (seen.contains(event.path("id").asString())) {
          return fresh.reversed();
        }
        fresh.add(event);
      }
      if (!page.path("has_more").asBoolean(false) || fresh.isEmpty()) {
        return fresh.reversed();
      }
      after = fresh.getLast().path("id").asString();
    }
  }

  private void show(List<JsonNode> events, JsonNode job) {
    for (JsonNode event : events) {
      show(event, job);
      seen.add(event.path("id").asString());
    }
    while (seen.size() > SEEN_MAX) {
      seen.remove(seen.iterator().next());
    }
    beginPace();
  }

  private void show(JsonNode event, JsonNode job) {
    if (tellsStep(event)) {
      step(event.path("data"), job);
    } else {
      if (event.path("message").asString("").equals(EventTexts.STARTED)) {
        startedAt = OptionalLong.of(event.path("created_at").asLong());
      }
      bar.ifPresent(ProgressBar::pause);
      surroundings.err().println(event.path("message").asString());
      bar.ifPresent(ProgressBar::resume);
    }
  }

  private void step(JsonNode data, JsonNode job) {
    int step = data.path("step").asInt();
    int total = data.path("total_steps").asInt(step);
    if (bar.isEmpty()) {
      bar = Optional.of(open(total));
    }
    lastStep = step;
    ProgressBar shown = bar.get();
    shown.setExtraMessage(figures(data, step, total, job));
    shown.stepTo(step);
  }

  /// The pace counts from the end of the first look that saw steps: those came all at once.
  private void beginPace() {
    if (pace.isEmpty() && lastStep > 0) {
      pace = Optional.of(new Pace(lastStep, System.nanoTime()));
    }
  }

  private String figures(JsonNode data, int step, int total, JsonNode job) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, " loss %.3f", data.path("train_loss").asDouble()));
    if (data.has("valid_loss")) {
      text.append(String.format(Locale.ROOT, ", valid %.3f", data.path("valid_loss").asDouble()));
    }
    int epochs = job.at("/hyperparameters/n_epochs").asInt(0);
    double stepsPerSecond =
        pace.map(known -> known.stepsPerSecond(step, System.nanoTime())).orElse(0.0);
    if (stepsPerSecond > 0 && epochs > 0 && tokensPerEpoch > 0) {
      double tokensPerStep = (double) tokensPerEpoch * epochs / total;
      text.append(String.format(Locale.ROOT, ", %.0f tokens/s", tokensPerStep * stepsPerSecond));
    }
    return text.toString();
  }

  private ProgressBar open(int total) {
    return Bars.builder(surroundings.err(), surroundings.terminal(), silent)
        .setTaskName("training")
        .setInitialMax(total)
        .build();
  }

  /// Steps a second since the first one seen.
  private record Pace(int firstStep, long firstNanos) {
    double stepsPerSecond(int step, long nanos) {
      long passed = nanos - firstNanos;
      // Steps that were there at the first look say nothing of the pace.
      return passed < PACE_AFTER_NANOS ? 0 : (step - firstStep) * 1e9 / passed;
    }
  }
}
