package dev.luthier.worker.trainer;

import dev.luthier.wire.bench.VerificationReport;
import dev.luthier.wire.bench.VerificationRequest;
import dev.luthier.worker.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trains the first steps of a job again, without a server.
public final class TrainingVerification {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingVerification.class);

  private TrainingVerification() {}

  /// Trains so many steps and says what their losses are, and what they follow from.
  ///
  /// @param grades judges what the model answers, where a job learns from that
  /// @throws JobFailure if a row is refused
  public static VerificationReport run(VerificationRequest request, ParentsGrades grades)
      throws IOException {
    return run(request, (ServerRewards.Grading) grades);
  }

  static VerificationReport run(VerificationRequest request, ServerRewards.Grading grades)
      throws IOException {
    var manifest = new AtomicReference<>(Map.<String, String>of());
    var watch = new StepWatch(request.steps(), Clock.systemUTC());
    try (var folder = TemporaryFolder.make("luthier-verify-")) {
      var assignment =
          new Assignment(
              request.job(),
              Path.of(request.rowsFile()),
              Optional.empty(),
              folder.path().resolve("state"),
              grades);
      EngineTraining.standard(manifest::set).run(assignment, LOG::warn, watch);
    }
    return new VerificationReport(manifest.get(), watch.losses());
  }
}
