package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.RequiredForm;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Optional;

/// Reads which form an answer must have, and finds out whether it can be held to it.
final class FormReader {

  private FormReader() {}

  /// The form of a chat completion: `response_format`, together with the tools.
  static Optional<RequiredForm> ofChat(Fields body, ToolOffer offer) {
    var format = body.optional("response_format");
    return form(format, format.flatMap(given -> json(given.object(), "json_schema")), offer);
  }

  /// The `response_format` of answers that are drawn in training, as it was sent, once it is known
  /// that they can be held to it.
  static Optional<Value> ofTraining(Fields settings) {
    var format = settings.optional("response_format");
    format
        .flatMap(given -> json(given.object(), "json_schema"))
        .ifPresent(wanted -> check(wanted, format));
    return format;
  }

  /// The form of a response: `text.format`, which has its schema beside the type.
  static Optional<RequiredForm> ofResponse(Fields body, ToolOffer offer) {
    var format = body.optional("text").flatMap(text -> text.object().optional("format"));
    return form(format, format.flatMap(given -> json(given.object(), "")), offer);
  }

  /// @param inner the field that holds name and schema; empty: the format itself does
  private static Optional<RequiredForm.Json> json(Fields format, String inner) {
    var type = format.required("type").oneOf(List.of("text", "json_object", "json_schema"));
    if (type.equals("text")) {
      return Optional.empty();
    }
    if (type.equals("json_object")) {
      return Optional.of(new RequiredForm.Json(Optional.empty(), true));
    }
    var described = inner.isEmpty() ? format : format.required(inner).object();
    var name = described.required("name");
    if (!name.string().matches("[a-zA-Z0-9_-]{1,64}")) {
      throw ApiException.invalidValue(
          name.path(),
          Value.shortened(name.string()),
          "It has 1 to 64 letters, digits, underscores and dashes.");
    }
    var schema = described.optional("schema");
    schema.ifPresent(Value::object);
    return Optional.of(
        new RequiredForm.Json(schema.map(Value::json), SamplingReader.flag(described, "strict")));
  }

  private static Optional<RequiredForm> form(
      Optional<Value> format, Optional<RequiredForm.Json> json, ToolOffer offer) {
    var text = offer.forced() ? Optional.<RequiredForm.Json>empty() : json;
    boolean form = offer.forced() || text.isPresent();
    // Where a call has to keep to its schema, text beside calls does not harm.
    var calls =
        form || offer.isStrict() ? calls(offer, !form) : Optional.<RequiredForm.Calls>empty();
    text.ifPresent(wanted -> check(wanted, format));
    if (text.isEmpty() && calls.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new RequiredForm(text, calls));
  }

  private static Optional<RequiredForm.Calls> calls(ToolOffer offer, boolean text) {
    for (var function : offer.callable()) {
      check(
          RequiredForm.of(new RequiredForm.Calls(List.of(function), 1, text)),
          ErrorCode.INVALID_FUNCTION_PARAMETERS,
          "function '" + function.name() + "'",
          "tools");
    }
    return offer.callable().isEmpty()
        ? Optional.empty()
        : Optional.of(new RequiredForm.Calls(offer.callable(), offer.callsMax(), text));
  }

  private static void check(RequiredForm.Json wanted, Optional<Value> format) {
    check(
        RequiredForm.of(wanted),
        ErrorCode.INVALID_JSON_SCHEMA,
        "response_format",
        format.map(Value::path).orElse("response_format"));
  }

  private static void check(RequiredForm form, ErrorCode code, String what, String param) {
    form.impediment()
        .ifPresent(why -> {
          throw new ApiException(
              code, "Invalid schema for %s: %s.".formatted(what, why), Optional.of(param));
        });
  }
}
