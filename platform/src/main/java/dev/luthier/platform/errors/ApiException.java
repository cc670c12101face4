package dev.luthier.platform.errors;

import java.util.List;
import java.util.Optional;

/// A failure that the caller is told: one line of the table of known errors, with its text.
///
/// The factories hold the texts that OpenAI's clients have come to expect, so that each exists
/// once.
public final class ApiException extends RuntimeException {
  private static final int SHOWN_MAX = 80;

  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final transient Optional<String> param;

  public ApiException(ErrorCode code, String message, Optional<String> param) {
    super(message);
    this.code = code;
    this.param = param;
  }

  public ErrorCode code() {
    return code;
  }

  public Optional<String> param() {
    return param;
  }

  /// The text for the user; never empty.
  public String text() {
    return String.valueOf(getMessage());
  }

  private static ApiException of(ErrorCode code, String param, String message) {
    return new ApiException(code, message, Optional.of(param));
  }

  private static ApiException of(ErrorCode code, String message) {
    return new ApiException(code, message, Optional.empty());
  }

  public static ApiException noSuchFile(String id) {
    return of(ErrorCode.NOT_FOUND, "id", "No such File object: " + id);
  }

  public static ApiException noSuchFineTune(String id) {
    return of(ErrorCode.FINE_TUNE_NOT_FOUND, "fine_tune_id", "Could not find fine tune: " + id);
  }

  public static ApiException noSuchModel(String name) {
    return of(ErrorCode.MODEL_NOT_FOUND, "model", "The model '" + name + "' does not exist");
  }

  /// As chat, completions and responses say it.
  public static ApiException modelNotFound(String name) {
    return of(
        ErrorCode.MODEL_NOT_FOUND,
        "The model `" + name + "` does not exist or you do not have access to it.");
  }

  public static ApiException invalidTrainingFile(String id) {
    return of(ErrorCode.INVALID_REQUEST, "training_file", "invalid training_file: " + id);
  }

  public static ApiException invalidValidationFile(String id) {
    return of(ErrorCode.INVALID_REQUEST, "validation_file", "invalid validation_file: " + id);
  }

  public static ApiException modelNotAvailable(String name) {
    return of(
        ErrorCode.MODEL_NOT_AVAILABLE,
        "Model " + name + " is not available for fine-tuning or does not exist.");
  }

  public static ApiException jobAlreadyCompleted(String id) {
    return of(ErrorCode.INVALID_REQUEST, "fine_tune_id", "Job has already completed: " + id);
  }

  public static ApiException jobNotPaused(String id, String state) {
    return of(
        ErrorCode.INVALID_REQUEST,
        "fine_tune_id",
        "Job %s is %s and not paused, so it cannot be resumed. Pause it first, or let it go on."
            .formatted(id, state));
  }

  public static ApiException jobNotWaiting(String id, String state) {
    return of(
        ErrorCode.INVALID_REQUEST,
        "fine_tune_id",
        "Job %s is %s and waits in no queue, so it cannot be put first.".formatted(id, state));
  }

  public static ApiException missing(String param) {
    return of(
        ErrorCode.MISSING_REQUIRED_PARAMETER,
        param,
        "Missing required parameter: '" + param + "'.");
  }

  /// `Invalid value: 'x'. Supported values are: 'a', 'b', and 'c'.`
  public static ApiException invalidValue(String param, String value, List<String> supported) {
    return of(
        ErrorCode.INVALID_VALUE,
        param,
        "Invalid value: '" + value + "'. Supported values are: " + enumerate(supported) + ".");
  }

  /// An id or name as a message repeats it: whoever sent it may have sent anything.
  public static String shown(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }

  /// For a value with no list of good ones; `remedy` is a sentence.
  public static ApiException invalidValue(String param, String value, String remedy) {
    return of(ErrorCode.INVALID_VALUE, param, "Invalid value: '" + value + "'. " + remedy);
  }

  /// `expected` and `got` with their article: `an integer`, `a string`.
  public static ApiException invalidType(String param, String expected, String got) {
    return of(
        ErrorCode.INVALID_TYPE,
        param,
        "Invalid type for '"
            + param
            + "': expected "
            + expected
            + ", but got "
            + got
            + " instead.");
  }

  public static ApiException stringTooLong(String param, int most, int length) {
    return of(
        ErrorCode.STRING_ABOVE_MAX_LENGTH,
        param,
        "Invalid '%s': string too long. Expected a string with maximum length %d, but got a string with length %d instead."
            .formatted(param, most, length));
  }

  public static ApiException stringTooShort(String param, int least, int length) {
    return of(
        ErrorCode.STRING_BELOW_MIN_LENGTH,
        param,
        "Invalid '%s': string too short. Expected a string with minimum length %d, but got a string with length %d instead."
            .formatted(param, least, length));
  }

  public static ApiException tooMany(String param, int most, int length) {
    return of(
        ErrorCode.ARRAY_ABOVE_MAX_LENGTH,
        param,
        "Invalid '%s': array too long. Expected an array with maximum length %d, but got an array with length %d instead."
            .formatted(param, most, length));
  }

  public static ApiException integerBelow(String param, long least, long value) {
    return of(
        ErrorCode.INTEGER_BELOW_MIN_VALUE,
        param,
        "Invalid '%s': integer below minimum value. Expected a value >= %d, but got %d instead."
            .formatted(param, least, value));
  }

  public static ApiException integerAbove(String param, long most, long value) {
    return of(
        ErrorCode.INTEGER_ABOVE_MAX_VALUE,
        param,
        "Invalid '%s': integer above maximum value. Expected a value <= %d, but got %d instead."
            .formatted(param, most, value));
  }

  public static ApiException decimalBelow(String param, String least, double value) {
    return of(
        ErrorCode.DECIMAL_BELOW_MIN_VALUE,
        param,
        "Invalid '%s': decimal below minimum value. Expected a value >= %s, but got %s instead."
            .formatted(param, least, value));
  }

  public static ApiException decimalAbove(String param, String most, double value) {
    return of(
        ErrorCode.DECIMAL_ABOVE_MAX_VALUE,
        param,
        "Invalid '%s': decimal above maximum value. Expected a value <= %s, but got %s instead."
            .formatted(param, most, value));
  }

  public static ApiException missingKey() {
    return of(
        ErrorCode.MISSING_API_KEY,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
  }

  /// The key is shown by its first five and last three characters only.
  public static ApiException incorrectKey(String key) {
    String shown =
        key.length() < 12 ? "***" : key.substring(0, 5) + "***" + key.substring(key.length() - 3);
    return of(
        ErrorCode.INVALID_API_KEY,
        "Incorrect API key provided: "
            + shown
            + ". The server printed its key at its first start; LUTHIER_API_KEY sets another.");
  }

  private static String enumerate(List<String> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        text.append(values.size() > 2 ? ", " : " ");
        text.append(i == values.size() - 1 ? "and " : "");
      }
      text.append('\'').append(values.get(i)).append('\'');
    }
    return text.toString();
  }
}
