package dev.luthier.worker.trainer;

import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.server.RefusedException;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// A job with its files at hand.
///
/// @param grading has answers judged, for jobs that have a grader
/// @param stateFile where the run keeps its resume state; it is there already if the job is resumed
record Assignment(
    TrainerJob job,
    Path trainingRows,
    Optional<Path> validationRows,
    Path stateFile,
    ServerRewards.Grading grading) {
  /// Models may be asked for every answer.
  private static final Duration GRADES_WITHIN = Duration.ofMinutes(5);

  /// Fetches everything to `folder`.
  static Assignment fetch(ServerClient server, TrainerJob job, Path folder)
      throws IOException, InterruptedException {
    var assignment =
        new Assignment(
            job,
            folder.resolve("training.jsonl"),
            job.hasValidationFile()
                ? Optional.of(folder.resolve("validation.jsonl"))
                : Optional.empty(),
            folder.resolve("resume-state"),
            request -> grade(server, request));
    must(server.fetch("job/training-file", assignment.trainingRows()), "training file", job);
    if (assignment.validationRows().isPresent()) {
      Path rows = assignment.validationRows().get();
      must(server.fetch("job/validation-file", rows), "validation file", job);
    }
    if (job.resumeStep().isPresent()) {
      must(server.fetch("job/resume-state", assignment.stateFile()), "resume state", job);
    }
    return assignment;
  }

  private static GradeAnswer grade(ServerClient server, GradeRequest request) {
    try {
      return server.post("job/grade", request, GradeAnswer.class, GRADES_WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while answers were judged");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  private static void must(boolean fetched, String what, TrainerJob job) {
    if (!fetched) {
      throw new RefusedException(
          "The server says that job %s has a %s, but does not give it"
              .formatted(job.jobId(), what));
    }
  }
}
