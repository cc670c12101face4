package dev.luthier.platform.trainer;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.graders.Grade;
import dev.luthier.platform.graders.GradeErrors;
import dev.luthier.platform.graders.Grader;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.graders.Sample;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.TrainingMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/// Judges the answers of a trainer's model by the grader of its job. Safe for many threads.
public final class GradingDesk {
  private static final int TOLD_MAX = 1024;

  private final RunningJobs running;
  private final Graders graders;
  private final Transactions transactions;
  private final ExecutorService judges;

  /// What jobs were warned of, so that each kind of failure is said once.
  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > TOLD_MAX;
        }
      };

  /// A desk for trainers of running jobs.
  ///
  /// @param judges where models are asked, several at a time; bounded, and the caller's to close
  public GradingDesk(
      RunningJobs running, Graders graders, Transactions transactions, ExecutorService judges) {
    this.running = running;
    this.graders = graders;
    this.transactions = transactions;
    this.judges = judges;
  }

  /// An answer and the row that it answers.
  public record Judged(JsonNode item, String answer) {}

  /// Grades and the grader that gave them.
  public record Verdicts(Grader grader, List<Grade> grades) {
    public Verdicts {
      grades = List.copyOf(grades);
    }
  }

  /// The grades of answers, in order; throws as [TrainerDesk] does.
  public Verdicts grade(String token, List<Judged> answers) {
    Job job = transactions.call(() -> running.of(token));
    if (!(job.method() instanceof TrainingMethod.Reinforcement method)) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          job.id() + " has no grader: it is trained by " + job.method().type(),
          Optional.empty());
    }
    Grader grader = GraderReader.readReward(method.grading().grader(), "grader");
    List<Grade> grades =
        Graders.models(grader).isEmpty()
            ? answers.stream().map(answer -> grade(grader, answer)).toList()
            : sideBySide(grader, answers);
    grades.stream()
        .map(Grade::errors)
        .filter(GradeErrors::silent)
        .filter(errors -> isNew(job.id(), errors))
        .forEach(errors -> warn(token, errors));
    return new Verdicts(grader, grades);
  }

  private boolean isNew(String jobId, GradeErrors errors) {
    synchronized (told) {
      return told.put(jobId + errors.kinds(), true) == null;
    }
  }

  private void warn(String token, GradeErrors errors) {
    String message =
        "An answer could not be judged and counts as 0: "
            + errors.details().orElse("no reason given");
    transactions.run(() -> running.say(running.of(token), EventLevel.WARN, message));
  }

  private Grade grade(Grader grader, Judged answer) {
    return graders.grade(grader, Sample.of(answer.answer()), answer.item());
  }

  private List<Grade> sideBySide(Grader grader, List<Judged> answers) {
    var coming = new ArrayList<Future<Grade>>();
    for (Judged answer : answers) {
      coming.add(judges.submit(() -> grade(grader, answer)));
    }
    var grades = new ArrayList<Grade>();
    try {
      for (Future<Grade> grade : coming) {
        grades.add(grade.get());
      }
      return grades;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while answers were judged");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer could not be judged", e);
    } finally {
      coming.forEach(grade -> grade.cancel(true));
    }
  }
}
