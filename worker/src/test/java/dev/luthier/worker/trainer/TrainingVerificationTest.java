package dev.luthier.worker.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.luthier.wire.bench.VerificationReport;
import dev.luthier.wire.bench.VerificationRequest;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.TinyBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Trained again, the first steps have the same losses, unless something they follow from differs.
@Timeout(120)
class TrainingVerificationTest {
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
    return TrainingVerification.run(new VerificationRequest(job, rows.toString(), 4));
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
}
