package dev.luthier.worker.trainer;

import dev.luthier.engine.train.Rewards;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.PromptRow;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import java.util.ArrayList;
import java.util.List;

/// Has answers judged by the server, which has the job's grader. Belongs to the training thread.
final class ServerRewards implements Rewards {
  private final ModelText text;
  private final List<PromptRow> training;
  private final List<PromptRow> validation;
  private final Grading grading;
  private final StepTally tally;
  private boolean anyJudged;

  /// The server's judgement; several answers at a time.
  @FunctionalInterface
  interface Grading {
    GradeAnswer grade(GradeRequest request);
  }

  ServerRewards(
      ModelText text,
      List<PromptRow> training,
      List<PromptRow> validation,
      Grading grading,
      StepTally tally) {
    this.text = text;
    this.training = List.copyOf(training);
    this.validation = List.copyOf(validation);
    this.grading = grading;
    this.tally = tally;
  }

  @Override
  public List<Reward> of(List<Judged> answers) {
    var rewards = new ArrayList<Reward>();
    for (int first = 0; first < answers.size(); first += GradeRequest.SAMPLES_MAX) {
      var some = answers.subList(first, Math.min(answers.size(), first + GradeRequest.SAMPLES_MAX));
      var request = new GradeRequest(some.stream().map(this::sample).toList());
      var grades = tally.timed(some.getFirst().validation(), request, grading);
      grades
          .grades()
          .forEach(it -> rewards.add(new Reward(it.reward(), it.unreadable(), it.unanswered())));
    }
    refuseSilence(rewards);
    return rewards;
  }

  /// A grader that judges nothing at all, such as one whose model is not there, would have the
  /// model trained on nothing to the end.
  private void refuseSilence(List<Reward> rewards) {
    anyJudged |= rewards.stream().anyMatch(reward -> !reward.unanswered());
    if (!anyJudged) {
      String message =
          "The grader judged none of the first %d answers; the events of the job say why."
              .formatted(rewards.size());
      throw new JobFailure(
          "invalid_grader",
          message,
          "method.reinforcement.grader",
          new IllegalStateException(message));
    }
  }

  private GradeRequest.Sample sample(Judged judged) {
    var rows = judged.validation() ? validation : training;
    return new GradeRequest.Sample(
        rows.get(judged.row()).item(), text.tokenizer().decode(judged.answer().words()));
  }
}
