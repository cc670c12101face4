package dev.luthier.worker.trainer;

import dev.luthier.engine.train.TrainingResult;
import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.ExitCode;
import dev.luthier.worker.server.FencedException;
import dev.luthier.worker.server.RefusedException;
import dev.luthier.worker.server.ServerAwayException;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one job from its description to the final report.
final class Trainer {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private static final int LARGE_STATE = 5;

  private final ServerClient server;
  private final Training training;
  private final Signals signals;
  private final Rhythm rhythm;
  private final Path folder;
  private final AtomicInteger step = new AtomicInteger();

  /// How often a trainer does what it repeats, and what may wait.
  ///
  /// @param report from one report of steps to the next
  record Rhythm(
      Duration heartbeat,
      Duration report,
      Duration resumeState,
      Duration patience,
      int parcelsMax) {
    static Rhythm standard(Duration resumeState) {
      return new Rhythm(
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          resumeState,
          Duration.ofMinutes(10),
          16_384);
    }
  }

  /// Works for an enrolled `server` and keeps what it needs in `folder`.
  Trainer(ServerClient server, Training training, Signals signals, Rhythm rhythm, Path folder) {
    this.server = server;
    this.training = training;
    this.signals = signals;
    this.rhythm = rhythm;
    this.folder = folder;
  }

  /// Returns when the server has accepted the report, or when there is no use in going on.
  ExitCode run() throws InterruptedException {
    try (var heartbeats = new Heartbeats(server, signals, rhythm.heartbeat(), rhythm.patience());
        var outbox = new Outbox(new ServerDelivery(server), rhythm.parcelsMax(), rhythm.report())) {
      FinishRequest report = work(heartbeats, outbox);
      outbox.flush();
      server.post("job/finish", report);
      LOG.info("reported {} after step {}", report.outcome(), report.finalStep());
      return ExitCode.ACCEPTED;
    } catch (FencedException e) {
      LOG.warn("this attempt has no say any more: {}", e.getMessage());
      return ExitCode.FENCED;
    } catch (ServerAwayException e) {
      LOG.error("giving up without a server: {}", e.getMessage());
      return ExitCode.TRY_AGAIN;
    } catch (RefusedException e) {
      LOG.error("the job cannot be understood: {}", e.getMessage());
      return ExitCode.SPEC_REFUSED;
    } catch (CancellationException e) {
      LOG.warn("interrupted", e);
      return ExitCode.TRY_AGAIN;
    } catch (IOException | UncheckedIOException e) {
      LOG.error("this machine failed; the job can be tried again", e);
      return ExitCode.TRY_AGAIN;
    }
  }

  private FinishRequest work(Heartbeats heartbeats, Outbox outbox)
      throws IOException, InterruptedException {
    TrainerJob job = server.get("job", TrainerJob.class);
    LOG.info("job {}, attempt {}, base {}", job.jobId(), job.attempt(), job.base().id());
    heartbeats.done(job.resumeStep().orElse(0));
    step.set(job.resumeStep().orElse(0));
    Assignment assignment = Assignment.fetch(server, job, folder);
    var reporter =
        new Reporter(
            outbox,
            signals,
            done -> {
              step.set(done);
              heartbeats.done(done);
            },
            job.base().id(),
            publishing(job),
            folder,
            resumeState(job),
            System::nanoTime);
    try {
      return report(
          training.run(
              assignment,
              warning -> outbox.event(new EventRequest(EventRequest.Level.WARN, warning)),
              reporter));
    } catch (FencedException
        | ServerAwayException
        | RefusedException
        | CancellationException
        | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("training failed in step {}", step.get() + 1, e);
      return new FinishRequest(
          FinishRequest.Outcome.FAILED,
          0,
          step.get(),
          Optional.of(JobFailure.describe(e, step.get() + 1)));
    }
  }

  private static Reporter.Publishing publishing(TrainerJob job) {
    return switch (job.hyperparameters().trained()) {
      case TrainerJob.Trained.Adapter _ -> Reporter.Publishing.EACH_EPOCH;
      case TrainerJob.Trained.AllWeights _ ->
          job.hyperparameters().keepBest()
              ? Reporter.Publishing.BEST_AND_LAST
              : Reporter.Publishing.LAST;
    };
  }

  /// All weights with their moments are six times as large as the base.
  private Duration resumeState(TrainerJob job) {
    return switch (job.hyperparameters().trained()) {
      case TrainerJob.Trained.Adapter _ -> rhythm.resumeState();
      case TrainerJob.Trained.AllWeights _ -> rhythm.resumeState().multipliedBy(LARGE_STATE);
    };
  }

  private static FinishRequest report(TrainingResult result) {
    return new FinishRequest(
        result.finished() ? FinishRequest.Outcome.SUCCEEDED : FinishRequest.Outcome.STOPPED,
        result.trainedTokens(),
        result.completedSteps(),
        Optional.empty());
  }
}
