package dev.luthier.platform.trainer;

import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// What a trainer may ask and tell, by the token of its enrolment. Safe for many threads.
///
/// Every method throws `FencedException` when the token's attempt is not the job's, or the job has
/// ended. What is told is durable on return, and telling it again changes nothing.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class TrainerDesk {
  public TrainerJob job(String token) {
    throw new UnsupportedOperationException(token);
  }

  public Blob trainingFile(String token) throws IOException {
    throw new IOException(token);
  }

  /// Empty when the job has none.
  public Optional<Blob> validationFile(String token) throws IOException {
    throw new IOException(token);
  }

  public Optional<ResumeState> resumeState(String token) throws IOException {
    throw new IOException(token);
  }

  /// Replaces the earlier one.
  public void putResumeState(String token, int step, InputStream content) throws IOException {
    throw new IOException(token + step + content);
  }

  /// Renews the lease. `step` is the last one done, 0 before the first.
  public Directive heartbeat(String token, int step) {
    throw new UnsupportedOperationException(token + step);
  }

  /// Steps in order; those reported before are passed over.
  public void metrics(String token, List<StepMetricsRecord> steps) {
    throw new UnsupportedOperationException(token + steps);
  }

  /// A line for the job's story.
  public void event(String token, EventLevel level, String message) {
    throw new UnsupportedOperationException(token + level + message);
  }

  public void stageCheckpointFile(String token, int step, String name, InputStream content)
      throws IOException {
    throw new IOException(token + step + name + content);
  }

  public void publishCheckpoint(String token, PublishedCheckpoint checkpoint) throws IOException {
    throw new IOException(token + checkpoint);
  }

  public void finish(String token, FinishReport report) throws IOException {
    throw new IOException(token + report);
  }
}
