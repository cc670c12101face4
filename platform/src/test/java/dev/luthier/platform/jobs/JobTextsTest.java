package dev.luthier.platform.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JobTextsTest {
  private static final StepMetricsRecord TRAINED = StepMetricsRecord.training(1, 300, 0.2249, 0.5);
  private static final StepMetricsRecord VALIDATED =
      new StepMetricsRecord(
          131,
          303,
          0.25,
          0.8,
          OptionalDouble.of(0.3701),
          OptionalDouble.of(0.75),
          OptionalDouble.empty(),
          OptionalDouble.empty());
  private static final StepMetricsRecord FULL =
      new StepMetricsRecord(
          300,
          300,
          0.146,
          0.8,
          OptionalDouble.of(0.27),
          OptionalDouble.of(0.7),
          OptionalDouble.of(0.4),
          OptionalDouble.of(0.6));

  @Test
  void stepTextsAreLetterForLetterOpenAIs() {
    assertEquals("Step 1/300: training loss=0.22", EventTexts.step(TRAINED));
    assertEquals(
        "Step 131/303: training loss=0.25, validation loss=0.37", EventTexts.step(VALIDATED));
    assertEquals(
        "Step 300/300: training loss=0.15, validation loss=0.27, full validation loss=0.40",
        EventTexts.step(FULL));
  }

  @Test
  void stepsThatAreRewardedSayWhatTheRewardsWere() {
    var step = StepMetricsRecord.training(10, 20, 1, 0.5).with(Map.of("train_mean_reward", 0.42));
    assertEquals("Step 10/20 , train mean reward=0.42", EventTexts.step(step));
    assertEquals(
        "Step 10/20 , train mean reward=0.42, full validation mean reward=0.68,"
            + " full validation mean parse error=0.00",
        EventTexts.step(
            step.with(
                Map.of(
                    "train_mean_reward", 0.42,
                    "full_valid_mean_reward", 0.68,
                    "full_valid_mean_parse_error", 0.0))));
  }

  @Test
  void validationNamesTheSecondFileToo() {
    assertEquals(
        "Validating training file: file-x and validation file: file-y",
        EventTexts.validating("file-x", Optional.of("file-y")));
  }

  @Test
  void namesCarryTheSuffixNormalisedAndTwoColonsWithoutOne() {
    assertEquals(
        "ft:base:personal::AbCdEf12",
        ModelNames.fineTune("base", "personal", Optional.empty(), "AbCdEf12"));
    assertEquals(
        "ft:base:personal:my-sfx_2--:AbCdEf12:ckpt-step-80",
        ModelNames.checkpoint("base", "personal", Optional.of("My SFX_2:é"), "AbCdEf12", 80));
  }

  @Test
  void theResultFileHasFiveDecimalsAtMostAndEmptyCells() {
    List<StepMetricsRecord> steps =
        List.of(
            StepMetricsRecord.training(1, 2, 3.632654, 0.5),
            new StepMetricsRecord(
                2,
                2,
                2,
                0.809523,
                OptionalDouble.of(1e-7),
                OptionalDouble.of(1),
                OptionalDouble.empty(),
                OptionalDouble.empty()));
    assertEquals(
        """
        step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy
        1,3.63265,0.5,,
        2,2.0,0.80952,0.0,1.0
        """,
        MetricsCsv.of(steps));
  }

  @Test
  void measuresOfAMethodStandBehindOpenAIsColumns() {
    List<StepMetricsRecord> steps =
        List.of(
            measured(1, Map.of("train_reward_margin", 0.5)),
            measured(2, Map.of("train_reward_margin", 1.0, "valid_reward_margin", 0.25)));
    assertEquals(
        """
        step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy,train_reward_margin,valid_reward_margin
        1,0.7,0.5,,,0.5,
        2,0.7,0.5,,,1.0,0.25
        """,
        MetricsCsv.of(steps));
  }

  private static StepMetricsRecord measured(int step, Map<String, Double> measures) {
    OptionalDouble none = OptionalDouble.empty();
    return new StepMetricsRecord(
        step, 2, 0.7, 0.5, none, none, none, none, measures, Optional.empty());
  }
}
