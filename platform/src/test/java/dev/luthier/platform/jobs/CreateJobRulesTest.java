package dev.luthier.platform.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CreateJobRulesTest {
  private static CreateJob job(
      Optional<String> suffix,
      Optional<Hyperparameters> hyperparameters,
      Optional<TrainingMethod> method,
      Optional<Map<String, String>> metadata) {
    return new CreateJob(
        "base",
        "file-x",
        Optional.empty(),
        suffix,
        OptionalInt.empty(),
        hyperparameters,
        method,
        List.of(),
        metadata);
  }

  private static Hyperparameters numbers(int epochs, int batch, double multiplier) {
    return new Hyperparameters(Optional.of(epochs), Optional.of(batch), Optional.of(multiplier));
  }

  private static ApiException refusal(CreateJob request) {
    return assertThrows(ApiException.class, () -> CreateJobRules.check(request));
  }

  private static ApiException refused(Hyperparameters numbers) {
    return refusal(job(Optional.empty(), Optional.of(numbers), Optional.empty(), Optional.empty()));
  }

  @Test
  void aLongSuffixIsRefusedInOpenAIsWords() {
    ApiException refusal =
        refusal(
            job(Optional.of("x".repeat(65)), Optional.empty(), Optional.empty(), Optional.empty()));
    assertEquals(
        "Invalid 'suffix': string too long. Expected a string with maximum length 64,"
            + " but got a string with length 65 instead.",
        refusal.text());
    assertEquals(ErrorCode.STRING_ABOVE_MAX_LENGTH, refusal.code());
    assertEquals(Optional.of("suffix"), refusal.param());
    assertEquals(
        ErrorCode.STRING_BELOW_MIN_LENGTH,
        refusal(job(Optional.of(""), Optional.empty(), Optional.empty(), Optional.empty())).code());
  }

  @Test
  void hyperparametersHaveRanges() {
    assertEquals(ErrorCode.INTEGER_BELOW_MIN_VALUE, refused(numbers(0, 1, 1)).code());
    assertEquals(ErrorCode.INTEGER_ABOVE_MAX_VALUE, refused(numbers(51, 1, 1)).code());
    assertEquals(ErrorCode.INTEGER_ABOVE_MAX_VALUE, refused(numbers(1, 257, 1)).code());
    assertEquals(ErrorCode.DECIMAL_BELOW_MIN_VALUE, refused(numbers(1, 1, 0)).code());
    assertEquals(ErrorCode.DECIMAL_BELOW_MIN_VALUE, refused(numbers(1, 1, Double.NaN)).code());
    assertEquals(Optional.of("hyperparameters.n_epochs"), refused(numbers(51, 1, 1)).param());
  }

  @Test
  void theMethodsNumbersWinAndAContradictionIsRefused() {
    var inMethod = Optional.<TrainingMethod>of(new TrainingMethod.Supervised(numbers(3, 2, 1)));
    assertEquals(
        inMethod.get(),
        CreateJobRules.check(
            job(Optional.empty(), Optional.of(numbers(3, 2, 1)), inMethod, Optional.empty())));
    assertEquals(
        ErrorCode.INVALID_REQUEST,
        refusal(job(Optional.empty(), Optional.of(numbers(4, 2, 1)), inMethod, Optional.empty()))
            .code());
  }

  @Test
  void betaHasARange() {
    assertEquals(ErrorCode.DECIMAL_BELOW_MIN_VALUE, refused(0).code());
    assertEquals(ErrorCode.DECIMAL_BELOW_MIN_VALUE, refused(Double.NaN).code());
    assertEquals(ErrorCode.DECIMAL_ABOVE_MAX_VALUE, refused(2.5).code());
    assertEquals(Optional.of("method.dpo.hyperparameters.beta"), refused(2.5).param());
  }

  private static ApiException refused(double beta) {
    TrainingMethod dpo = new TrainingMethod.Dpo(Hyperparameters.AUTO, Optional.of(beta));
    return refusal(job(Optional.empty(), Optional.empty(), Optional.of(dpo), Optional.empty()));
  }

  @Test
  void theOldPlaceOfNumbersCountsForEveryMethod() {
    TrainingMethod dpo = new TrainingMethod.Dpo(Hyperparameters.AUTO, Optional.of(0.5));
    assertEquals(
        new TrainingMethod.Dpo(numbers(3, 2, 1), Optional.of(0.5)),
        CreateJobRules.check(
            job(
                Optional.empty(),
                Optional.of(numbers(3, 2, 1)),
                Optional.of(dpo),
                Optional.empty())));
  }

  @Test
  void metadataHasLimits() {
    var longValue = Optional.of(Map.of("k", "v".repeat(513)));
    assertEquals(
        Optional.of("metadata.k"),
        refusal(job(Optional.empty(), Optional.empty(), Optional.empty(), longValue)).param());
  }

  private static Hyperparameters extended(
      Optional<Extensions.EarlyStopping> rule,
      Optional<Extensions.Keep> keep,
      Optional<Integer> rank,
      Optional<Double> dropout) {
    return new Hyperparameters(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Extensions(
            rule, keep, Optional.empty(), rank, Optional.empty(), dropout, Optional.empty()));
  }

  private static Hyperparameters earlyStopping(int patience, double minDelta) {
    return extended(
        Optional.of(new Extensions.EarlyStopping(patience, minDelta)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Hyperparameters adapter(int rank, double dropout) {
    return extended(Optional.empty(), Optional.empty(), Optional.of(rank), Optional.of(dropout));
  }

  @Test
  void fieldsThatOpenAIsApiLacksHaveRangesToo() {
    assertEquals(ErrorCode.INTEGER_BELOW_MIN_VALUE, refused(earlyStopping(0, 0)).code());
    assertEquals(
        Optional.of("hyperparameters.early_stopping.patience"),
        refused(earlyStopping(51, 0)).param());
    assertEquals(ErrorCode.DECIMAL_BELOW_MIN_VALUE, refused(earlyStopping(1, -0.1)).code());
    assertEquals(ErrorCode.INTEGER_ABOVE_MAX_VALUE, refused(adapter(257, 0)).code());
    assertEquals(ErrorCode.DECIMAL_ABOVE_MAX_VALUE, refused(adapter(8, 1)).code());
  }

  @Test
  void whatGoesByTheValidationLossNeedsAValidationFile() {
    assertEquals(
        "'early_stopping' goes by the loss over a validation file: send 'validation_file', or leave 'early_stopping' out.",
        refused(earlyStopping(2, 0)).text());
    var best =
        extended(
            Optional.empty(),
            Optional.of(Extensions.Keep.BEST),
            Optional.empty(),
            Optional.empty());
    assertEquals(Optional.of("keep"), refused(best).param());
  }

  @Test
  void aFineTunesAdapterKeepsItsShape() {
    var parent = new TrainableModel("ft:b:o::x", "b", Optional.of("adapter-1"));
    var refusal =
        assertThrows(
            ApiException.class,
            () -> ExtensionRules.checkParent(parent, adapter(8, 0).extensions()));
    assertEquals(Optional.of("model"), refusal.param());
    ExtensionRules.checkParent(parent, Extensions.NONE);
    ExtensionRules.checkParent(
        new TrainableModel("b", "b", Optional.empty()), adapter(8, 0).extensions());
  }
}
