package dev.luthier.platform.jobs;

import dev.luthier.platform.Identifiers;
import java.time.Clock;
import java.time.Instant;

/// Writes the lines of jobs' stories. Call it inside the transaction that changes the job, so that
/// state and story agree.
public final class JobLedger {
  /// A longer text from a worker is cut.
  private static final int MESSAGE_LENGTH_MAX = 2000;

  private final EventStore events;
  private final Identifiers identifiers;
  private final Clock clock;

  public JobLedger(EventStore events, Identifiers identifiers, Clock clock) {
    this.events = events;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  public void info(String jobId, String message) {
    write(jobId, EventLevel.INFO, message, new EventData.Empty());
  }

  public void warn(String jobId, String message) {
    write(jobId, EventLevel.WARN, message, new EventData.Empty());
  }

  public void error(String jobId, String message) {
    write(jobId, EventLevel.ERROR, message, new EventData.Empty());
  }

  /// The one line whose data is null.
  public void started(String jobId) {
    write(jobId, EventLevel.INFO, EventTexts.STARTED, new EventData.None());
  }

  public void step(String jobId, StepMetricsRecord metrics) {
    write(jobId, EventLevel.INFO, EventTexts.step(metrics), new EventData.Metrics(metrics));
  }

  /// Unless the job's story has this very line already: a worker may repeat itself.
  public void once(String jobId, EventLevel level, String message) {
    String cut = cut(message);
    if (!events.contains(jobId, level, cut)) {
      write(jobId, level, cut, new EventData.Empty());
    }
  }

  private void write(String jobId, EventLevel level, String message, EventData data) {
    Instant now = clock.instant();
    events.append(identifiers.event(), jobId, now, level, cut(message), data);
  }

  private static String cut(String message) {
    return message.length() <= MESSAGE_LENGTH_MAX
        ? message
        : message.substring(0, MESSAGE_LENGTH_MAX - 1) + "…";
  }
}
