package dev.luthier.worker.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.luthier.wire.Json;
import dev.luthier.wire.bench.BenchQuestion;
import dev.luthier.wire.bench.VerificationReport;
import dev.luthier.wire.bench.VerificationRequest;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.TinyBase;
import dev.luthier.worker.server.RefusedException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Trained again, the first steps have the same losses, unless something they follow from differs.
@Timeout(120)
class TrainingVerificationTest {
  private static final ServerRewards.Grading NOBODY =
      _ -> {
        throw new IllegalStateException("these jobs have no grader");
      };

  @TempDir Path folder;

  private VerificationReport train(Path base, String word, long seed) throws IOException {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(
        rows,
        IntStream.range(0, 6)
            .mapToObj(i ->
                "{\"messages\":[{\"role\":\"user\",\"content\":\"What is %d?\"},{\"role\":\"assistant\",\"content\":\"%s %d\"}]}"
                    .formatted(i, word, i))
            .collect(Collectors.joining("\n")));
    var job =
        new TrainerJob(
            "ftjob-1",
            1,
            new BaseRef("tiny", base.toString()),
            Optional.empty(),
            new TrainerJob.Method.Supervised(),
            new TrainerJob.Hyperparameters(2, 2, 5e-3),
            seed,
            false,
            Optional.empty());
    return TrainingVerification.run(new VerificationRequest(job, rows.toString(), 4), NOBODY);
  }

  @Test
  void theSameFactsGiveTheSameLossesAndOthersAreToldApart() throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    var first = train(base, "Number", 42);
    assertEquals(4, first.losses().size());
    assertEquals("6", first.manifest().get("training_rows"));
    assertEquals(first, train(base, "Number", 42));
    var otherRows = train(base, "Digit", 42);
    assertNotEquals(
        first.manifest().get("training_sha256"), otherRows.manifest().get("training_sha256"));
    assertNotEquals(first.losses(), otherRows.losses());
    var otherSeed = train(base, "Number", 43);
    assertEquals(
        first.manifest().get("training_sha256"), otherSeed.manifest().get("training_sha256"));
    assertNotEquals(first.losses(), otherSeed.losses());
  }

  private static String line(String user, String more) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}".formatted(user, more);
  }

  private VerificationReport trainOnRewards(Path base, String more, char letter)
      throws IOException {
    Path rows = folder.resolve("prompts.jsonl");
    Files.writeString(
        rows,
        IntStream.range(0, 6)
            .mapToObj(i -> line("Say " + i, more))
            .collect(Collectors.joining("\n")));
    var job =
        new TrainerJob(
            "ftjob-1",
            1,
            new BaseRef("tiny", base.toString()),
            Optional.empty(),
            new TrainerJob.Method.Reinforcement(4, 2, 1, 0.04, 12),
            new TrainerJob.Hyperparameters(2, 2, 5e-2),
            42,
            false,
            Optional.empty());
    return TrainingVerification.run(
        new VerificationRequest(job, rows.toString(), 4), request -> judged(request, letter));
  }

  /// The more of an answer's characters come after `letter`, the better.
  private static GradeAnswer judged(GradeRequest request, char letter) {
    return new GradeAnswer(
        request.samples().stream()
            .map(sample -> {
              String text = sample.outputText();
              long hits = text.chars().filter(c -> c > letter).count();
              return new GradeAnswer.Grade(hits / (double) (text.length() + 1), false, false);
            })
            .toList());
  }

  @Test
  void answersDrawnAgainAreTheSameAndTheirRewardsDecideWhatComesAfterTheFirstStep()
      throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    var first = trainOnRewards(base, "", 'm');
    assertEquals(4, first.losses().size());
    assertEquals(first, trainOnRewards(base, "", 'm'));
    var otherJudge = trainOnRewards(base, "", 'd');
    assertEquals(first.losses().getFirst(), otherJudge.losses().getFirst(), "nothing learnt yet");
    assertNotEquals(first.losses(), otherJudge.losses());
    var otherItems = trainOnRewards(base, ",\"answer\":\"7\"", 'm');
    assertEquals(
        first.manifest().get("training_sha256"), otherItems.manifest().get("training_sha256"));
    assertNotEquals(
        first.manifest().get("items_sha256"), otherItems.manifest().get("items_sha256"));
    assertEquals(first.losses(), otherItems.losses());
  }

  @Test
  void theJudgeIsAskedByLinesAndWithoutOneNothingIsTrained() throws Exception {
    var said = new ByteArrayOutputStream();
    var answer = new GradeAnswer(List.of(new GradeAnswer.Grade(0.1, true, false)));
    var request = new GradeRequest(List.of(new GradeRequest.Sample(Json.tree("{}"), "well\nwell")));
    var grades =
        new ParentsGrades(
            new PrintStream(said, true, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader(Json.text(answer) + "\n")));
    assertEquals(answer, grades.grade(request));
    assertEquals(1, said.toString(StandardCharsets.UTF_8).lines().count());
    assertEquals(request, Json.read(said.toByteArray(), BenchQuestion.class).grade());
    assertThrows(RefusedException.class, () -> grades.grade(request));
  }
}
