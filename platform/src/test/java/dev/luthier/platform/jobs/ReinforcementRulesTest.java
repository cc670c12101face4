package dev.luthier.platform.jobs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReinforcementRulesTest {
  private static final String CHECK =
      """
      {"type":"string_check","name":"right","input":"{{sample.output_text}}",
       "reference":"{{item.answer}}","operation":"eq"}
      """;

  private static Reinforcement method(String grader, Optional<Double> compute, int evalSamples) {
    return new Reinforcement(
        Hyperparameters.AUTO,
        new Reinforcement.Sampling(
            Optional.of("low"), compute, Optional.of(3), Optional.of(evalSamples)),
        new Reinforcement.Grading(json(grader), Optional.empty()));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static ApiException refused(Reinforcement method, boolean validated) {
    return assertThrows(ApiException.class, () -> ReinforcementRules.check(method, validated));
  }

  @Test
  void aGraderAndAValidationFileAreEnough() {
    assertDoesNotThrow(() -> ReinforcementRules.check(method(CHECK, Optional.empty(), 1), true));
  }

  @Test
  void withoutAValidationFileNothingIsMeasured() {
    var refusal = refused(method(CHECK, Optional.empty(), 1), false);
    assertEquals(Optional.of("validation_file"), refusal.param());
  }

  @Test
  void numbersHaveTheirRanges() {
    assertEquals(
        Optional.of("method.reinforcement.hyperparameters.compute_multiplier"),
        refused(method(CHECK, Optional.of(11.0), 1), true).param());
    assertEquals(
        Optional.of("method.reinforcement.hyperparameters.eval_samples"),
        refused(method(CHECK, Optional.empty(), 0), true).param());
    assertEquals(
        Optional.of("method.reinforcement.hyperparameters.eval_samples"),
        refused(method(CHECK, Optional.empty(), 33), true).param());
  }

  @Test
  void autoComesToFourPromptsAStepEightAnswersEachAndFiveLooks() {
    var asked =
        new Reinforcement(
            Hyperparameters.AUTO,
            new Reinforcement.Sampling(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            new Reinforcement.Grading(json(CHECK), Optional.empty()));
    var resolved = (Reinforcement) AutoHyperparameters.resolve(asked, 100);
    assertEquals(Optional.of(4), resolved.hyperparameters().batchSize());
    assertEquals(Optional.of(3), resolved.hyperparameters().epochs());
    assertEquals(Optional.of(15), resolved.sampling().evalInterval());
    assertEquals(8, resolved.sampling().group());
    assertEquals(2, method(CHECK, Optional.of(1e-5), 1).sampling().group());
    assertEquals(64, method(CHECK, Optional.of(10.0), 1).sampling().group());
  }
}
