package dev.luthier.platform.queue;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.data.RowKinds;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventTexts;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobChange;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.BaseStore;
import dev.luthier.platform.queue.FileCheck.Checked;
import dev.luthier.platform.queue.FileCheck.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first phase of a job: reads its files and either queues the job or ends it with the reason.
/// Safe for many threads; the same job twice is judged twice and moved once.
public final class Validation {
  private static final Set<JobState> VALIDATING = EnumSet.of(JobState.VALIDATING_FILES);
  private static final Logger log = LoggerFactory.getLogger(Validation.class);

  private final JobStore jobs;
  private final BlobStore blobs;
  private final BaseStore bases;
  private final FileCheck check;
  private final JobLedger ledger;
  private final Transactions transactions;

  public Validation(
      JobStore jobs,
      BlobStore blobs,
      BaseStore bases,
      FileCheck check,
      JobLedger ledger,
      Transactions transactions) {
    this.jobs = jobs;
    this.blobs = blobs;
    this.bases = bases;
    this.check = check;
    this.ledger = ledger;
    this.transactions = transactions;
  }

  /// Takes as long as the files are large.
  void validate(Job job) {
    try {
      decide(job, judge(job));
    } catch (IOException | RuntimeException e) {
      log.error("the files of {} cannot be checked; the job ends as failed", job.id(), e);
      String why = "The files of this job could not be read: " + e.getMessage();
      decide(job, failed(new JobError("server_error", why, Optional.empty())));
    }
  }

  private Checked judge(Job job) throws IOException {
    Optional<BaseModel> base = bases.find(job.baseId());
    if (base.isEmpty()) {
      return failed(
          new JobError(
              "model_not_available",
              "The base " + job.baseId() + " has been removed since the job was created.",
              Optional.of("model")));
    }
    if (job.hyperparameters().extensions().trainsAllWeights()) {
      Optional<JobError> noRoom = DiskRoom.missing(base.get());
      if (noRoom.isPresent()) {
        return failed(noRoom.get());
      }
    }
    FileCheck rules = checkFor(job.method());
    Path rows = blobs.local(job.trainingFile());
    Checked training = rules.check(rows, job.trainingFile(), Part.TRAINING, base.get());
    if (training.error().isPresent() || job.validationFile().isEmpty()) {
      return training;
    }
    String validationFile = job.validationFile().get();
    Checked validation =
        rules.checkBeside(blobs.local(validationFile), validationFile, rows, base.get());
    List<String> warnings =
        Stream.concat(training.warnings().stream(), validation.warnings().stream()).toList();
    return new Checked(training.examples(), validation.error(), warnings);
  }

  private FileCheck checkFor(TrainingMethod method) {
    return switch (method) {
      case TrainingMethod.Supervised _ -> check;
      case TrainingMethod.Dpo _, TrainingMethod.Reinforcement _ ->
          new RowFileCheck(RowKinds.of(method));
    };
  }

  private static Checked failed(JobError error) {
    return new Checked(0, Optional.of(error), List.of());
  }

  private void decide(Job job, Checked checked) {
    JobChange change = job.change();
    checked
        .error()
        .ifPresentOrElse(
            error -> change.state(JobState.FAILED).error(error),
            () -> change.state(JobState.QUEUED).run(job.run().counted(checked.examples())));
    transactions.run(() -> {
      if (!jobs.update(change.make(), job.run().attempt(), VALIDATING)) {
        return; // cancelled meanwhile
      }
      checked.warnings().forEach(text -> ledger.once(job.id(), EventLevel.WARN, text));
      checked
          .error()
          .ifPresentOrElse(
              error -> ledger.error(job.id(), error.message()),
              () -> ledger.info(job.id(), EventTexts.VALIDATED));
    });
  }
}
