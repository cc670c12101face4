package dev.luthier.text.template;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a template is rendered with, as transformers' `apply_chat_template` names it.
///
/// Tool calls keep their `arguments` as they come: OpenAI sends them as a string of JSON, most
/// templates want an object, so the caller parses them first.
///
/// @param messages array of objects in OpenAI's form; not copied, so not to be changed meanwhile
/// @param tools array of tools, where the request has some; the template sees `none` otherwise
/// @param addGenerationPrompt whether the prompt ends where the assistant begins to write
/// @param specialTokens `bos_token`, `eos_token` and the like; trusted, so their text counts as the
///   template's
/// @param clock what `strftime_now` reads, in its zone
public record TemplateInput(
    JsonNode messages,
    Optional<JsonNode> tools,
    boolean addGenerationPrompt,
    Map<String, String> specialTokens,
    Clock clock) {
  public TemplateInput {
    if (!messages.isArray()) {
      throw new IllegalArgumentException(
          "messages must be an array, not " + messages.getNodeType());
    }
    specialTokens = Map.copyOf(specialTokens);
  }
}
