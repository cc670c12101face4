package dev.luthier.platform.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoHyperparametersTest {
  @ParameterizedTest
  @CsvSource({
    "1, 25, 1", // 100 epochs would be aimed at, 25 are the most
    "10, 10, 1", // the lesson
    "11, 9, 1",
    "33, 3, 1",
    "34, 3, 1",
    "100, 3, 1",
    "749, 3, 1",
    "750, 3, 2",
    "8333, 3, 17",
    "8334, 2, 17",
    "12500, 2, 25",
    "12501, 1, 25",
    "25001, 1, 50",
    "1000000, 1, 256",
  })
  void autoFollowsThePublishedRule(int examples, int epochs, int batchSize) {
    Hyperparameters resolved = AutoHyperparameters.resolve(Hyperparameters.AUTO, examples);
    assertEquals(
        new Hyperparameters(Optional.of(epochs), Optional.of(batchSize), Optional.of(1.0)),
        resolved);
  }

  @Test
  void whatWasAskedForStays() {
    Hyperparameters asked = new Hyperparameters(Optional.of(2), Optional.empty(), Optional.of(0.5));
    assertEquals(
        new Hyperparameters(Optional.of(2), Optional.of(1), Optional.of(0.5)),
        AutoHyperparameters.resolve(asked, 10));
    assertThrows(IllegalArgumentException.class, () -> AutoHyperparameters.resolve(asked, 0));
    assertEquals(
        new TrainingMethod.Dpo(AutoHyperparameters.resolve(asked, 10), Optional.of(0.1)),
        AutoHyperparameters.resolve(new TrainingMethod.Dpo(asked, Optional.empty()), 10));
  }

  @ParameterizedTest
  @CsvSource({"10, 10, 1, 100", "101, 3, 1, 303", "10, 2, 4, 6", "3, 1, 8, 1"})
  void anEpochsLastBatchMayBeSmaller(int examples, int epochs, int batch, int steps) {
    Hyperparameters numbers =
        new Hyperparameters(Optional.of(epochs), Optional.of(batch), Optional.of(1.0));
    assertEquals(steps, AutoHyperparameters.totalSteps(numbers, examples));
  }
}
