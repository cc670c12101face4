package dev.luthier.platform.errors;

import java.util.Optional;

/// What went wrong, as the API's error envelope says it: HTTP status, `type` and `code`.
public enum ErrorCode {
  INVALID_REQUEST(400),
  MISSING_REQUIRED_PARAMETER(400, "missing_required_parameter"),
  INVALID_VALUE(400, "invalid_value"),
  INVALID_TYPE(400, "invalid_type"),
  UNKNOWN_PARAMETER(400, "unknown_parameter"),
  STRING_ABOVE_MAX_LENGTH(400, "string_above_max_length"),
  STRING_BELOW_MIN_LENGTH(400, "string_below_min_length"),
  ARRAY_ABOVE_MAX_LENGTH(400, "array_above_max_length"),
  INTEGER_ABOVE_MAX_VALUE(400, "integer_above_max_value"),
  INTEGER_BELOW_MIN_VALUE(400, "integer_below_min_value"),
  DECIMAL_ABOVE_MAX_VALUE(400, "decimal_above_max_value"),
  DECIMAL_BELOW_MIN_VALUE(400, "decimal_below_min_value"),
  UNSUPPORTED_VALUE(400, "unsupported_value"),
  UNSUPPORTED_PARAMETER(400, "unsupported_parameter"),
  CONTEXT_LENGTH_EXCEEDED(400, "context_length_exceeded"),
  INVALID_JSON_SCHEMA(400, "invalid_json_schema"),
  INVALID_FUNCTION_PARAMETERS(400, "invalid_function_parameters"),
  PREVIOUS_RESPONSE_NOT_FOUND(400, "previous_response_not_found"),
  MODEL_NOT_AVAILABLE(400, "model_not_available"),
  MISSING_API_KEY(401),
  INVALID_API_KEY(401, "invalid_api_key"),
  INSUFFICIENT_PERMISSIONS(403, "insufficient_permissions"),
  NOT_FOUND(404),
  MODEL_NOT_FOUND(404, "model_not_found"),
  FINE_TUNE_NOT_FOUND(404, "fine_tune_not_found"),
  METHOD_NOT_ALLOWED(405),
  CONFLICT(409),
  NAME_TAKEN(409, "name_taken"),
  GONE(410),
  TOO_LARGE(413),
  UNSUPPORTED_MEDIA_TYPE(415),
  RATE_LIMIT_EXCEEDED(429, "rate_limit_exceeded"),
  TOKEN_RATE_EXCEEDED(429, "rate_limit_exceeded"),
  INTERNAL(500),
  UNAVAILABLE(503),
  STORAGE_FULL(507, "storage_full");

  private final int status;
  private final Optional<String> code;

  ErrorCode(int status) {
    this.status = status;
    this.code = Optional.empty();
  }

  ErrorCode(int status, String code) {
    this.status = status;
    this.code = Optional.of(code);
  }

  public int status() {
    return status;
  }

  public String type() {
    if (status == 429) {
      return this == TOKEN_RATE_EXCEEDED ? "tokens" : "requests";
    }
    return status >= 500 ? "server_error" : "invalid_request_error";
  }

  public Optional<String> code() {
    return code;
  }
}
