package dev.luthier.wire.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// `POST generate`, sent by the server to an inference process.
///
/// @param adapter none: the base answers
/// @param n choices, decoded together
/// @param stop texts that end a choice; they are not part of the answer
/// @param maxTokens none: up to the context's end
/// @param logitBias token id to -100..100
/// @param topLogprobs alternatives for each token, 0..20; read only if `logprobs`
/// @param echo whether the prompt's text precedes each choice (legacy completions)
/// @param form what each answer must be; none: any text
public record GenerateRequest(
    Prompt prompt,
    Optional<AdapterRef> adapter,
    int n,
    double temperature,
    double topP,
    Optional<Long> seed,
    List<String> stop,
    Optional<Integer> maxTokens,
    double frequencyPenalty,
    double presencePenalty,
    Map<Integer, Double> logitBias,
    boolean logprobs,
    int topLogprobs,
    boolean echo,
    Optional<Form> form) {
  public GenerateRequest {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(adapter, "adapter");
    Check.atLeast("n", n, 1);
    Objects.requireNonNull(seed, "seed");
    stop = List.copyOf(stop);
    Objects.requireNonNull(maxTokens, "max_tokens");
    logitBias = Map.copyOf(logitBias);
    Check.atLeast("top_logprobs", topLogprobs, 0);
    Objects.requireNonNull(form, "form");
  }

  /// A form: JSON, calls of tools, or either.
  public record Form(Optional<JsonForm> json, Optional<CallsForm> calls) {}

  /// JSON of a schema, or any object.
  ///
  /// @param strict whether a keyword of the schema that cannot be kept to is refused
  public record JsonForm(Optional<JsonNode> schema, boolean strict) {
    public JsonForm {
      schema = schema.filter(node -> !node.isNull());
    }
  }

  /// One to `callsMax` calls of these functions; with `text` also text, beside them or alone.
  public record CallsForm(List<Function> functions, int callsMax, boolean text) {
    public CallsForm {
      functions = List.copyOf(functions);
      Check.atLeast("calls_max", callsMax, 1);
    }
  }

  /// A function and a schema of its arguments.
  public record Function(String name, JsonNode parameters, boolean strict) {}

  /// What is continued: exactly one of a conversation (`messages`, OpenAI's array, with or without
  /// `tools`), a text, or token ids.
  public record Prompt(
      Optional<JsonNode> messages,
      Optional<JsonNode> tools,
      Optional<String> text,
      Optional<List<Integer>> tokens) {
    public Prompt {
      // JSON's null arrives as a node of its own, not as an absent value.
      messages = messages.filter(node -> !node.isNull());
      tools = tools.filter(node -> !node.isNull());
      tokens = tokens.map(List::copyOf);
      int given =
          (messages.isPresent() ? 1 : 0)
              + (text.isPresent() ? 1 : 0)
              + (tokens.isPresent() ? 1 : 0);
      if (given != 1) {
        throw new IllegalArgumentException(
            "prompt takes exactly one of messages, text and tokens, but has " + given);
      }
    }

    public static Prompt ofMessages(JsonNode messages, Optional<JsonNode> tools) {
      return new Prompt(Optional.of(messages), tools, Optional.empty(), Optional.empty());
    }

    public static Prompt ofText(String text) {
      return new Prompt(Optional.empty(), Optional.empty(), Optional.of(text), Optional.empty());
    }

    public static Prompt ofTokens(List<Integer> tokens) {
      return new Prompt(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(tokens));
    }
  }
}
