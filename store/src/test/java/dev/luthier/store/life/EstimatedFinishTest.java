package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a job that runs will be done, as its trainer's reports come in.
class EstimatedFinishTest {
  private static final int TOTAL = 100;

  @TempDir Path data;
  private final SetClock clock = new SetClock();
  private House house;

  @BeforeEach
  void open() throws IOException {
    house = new House(data, clock, new PlayedLauncher(), 1);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static StepMetricsRecord took(int step, double seconds) {
    return new StepMetricsRecord(
        step,
        TOTAL,
        1,
        0.5,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Map.of(),
        Optional.of(new StepMetricsRecord.Effort(1e-4, 1, 100, seconds)));
  }

  private void assertSecondsLeft(double seconds, Job job) {
    assertEquals(
        Optional.of(clock.instant().plusMillis(Math.round(1000 * seconds))),
        house.job(job).estimatedFinish());
  }

  @Test
  void itFollowsFromTheNewestStepsAndNotFromTheStartOrTheSlowFirstStep() {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    clock.pass(Duration.ofSeconds(20));
    house.desk.metrics(trainer.token, List.of(took(1, 9)));
    assertSecondsLeft(9 * 99, job);
    house.desk.metrics(trainer.token, List.of(took(2, 1.5), took(3, 2.5)));
    assertSecondsLeft(2 * 97, job);
    for (int step = 4; step <= 60; step++) {
      house.desk.metrics(trainer.token, List.of(took(step, 0.5)));
    }
    assertSecondsLeft(0.5 * 40, job);
  }
}
