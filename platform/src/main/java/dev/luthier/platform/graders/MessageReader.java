package dev.luthier.platform.graders;

import dev.luthier.platform.errors.ApiException;
import java.util.List;
import java.util.stream.Collectors;

/// Reads messages with places to fill in, as graders and evals write them.
public final class MessageReader {
  private static final int MESSAGES_MAX = 64;
  private static final int PARTS_MAX = 64;
  private static final List<String> TEXTS = List.of("input_text", "output_text", "text");

  private MessageReader() {}

  /// The messages of an array.
  public static List<MessageTemplate> read(JsonField json) {
    List<JsonField> messages = json.elements(MESSAGES_MAX);
    if (messages.isEmpty()) {
      throw json.refusal("A model is asked by one message at least, but there is none.");
    }
    return messages.stream().map(MessageReader::message).toList();
  }

  private static MessageTemplate message(JsonField json) {
    JsonField role = json.required("role");
    if (!MessageTemplate.ROLES.contains(role.text())) {
      throw ApiException.invalidValue(role.path(), role.shown(), MessageTemplate.ROLES);
    }
    JsonField content = json.required("content");
    if (content.json().isArray()) {
      return new MessageTemplate(
          role.text(),
          content.asTemplate(
              content.elements(PARTS_MAX).stream()
                  .map(MessageReader::part)
                  .collect(Collectors.joining())));
    }
    return new MessageTemplate(role.text(), content.asTemplate(part(content)));
  }

  private static String part(JsonField json) {
    if (json.json().isString()) {
      return json.text();
    }
    JsonField type = json.required("type");
    if (!TEXTS.contains(type.text())) {
      throw ApiException.invalidValue(type.path(), type.shown(), TEXTS);
    }
    return json.required("text").text();
  }
}
