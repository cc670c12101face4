package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads the fields that say how tokens are chosen and where an answer ends; chat and legacy
/// completions share them.
final class SamplingReader {

  static final int CHOICES_MAX = 128;
  private static final int STOPS_MAX = 4;
  private static final int STOP_LENGTH_MAX = 1024;
  private static final int BIASES_MAX = 1024;

  private SamplingReader() {}

  static Sampling sampling(Fields body) {
    return new Sampling(
        decimal(body, "temperature", 0, 2, 1),
        decimal(body, "top_p", 0, 1, 1),
        decimal(body, "frequency_penalty", -2, 2, 0),
        decimal(body, "presence_penalty", -2, 2, 0),
        body.optional("logit_bias").map(SamplingReader::logitBias).orElse(Map.of()),
        seed(body));
  }

  static double decimal(Fields body, String name, double min, double max, double byDefault) {
    return body.optional(name).map(value -> value.decimal(min, max)).orElse(byDefault);
  }

  static int choices(Fields body) {
    return body.optional("n").map(n -> n.integer(1, CHOICES_MAX)).orElse(1);
  }

  static boolean flag(Fields body, String name) {
    return body.optional(name).map(Value::bool).orElse(false);
  }

  static OptionalInt tokens(Fields body, String name, int min) {
    return body.optional(name)
        .map(value -> OptionalInt.of(value.integer(min, Integer.MAX_VALUE)))
        .orElse(OptionalInt.empty());
  }

  /// `stop`: a string or up to four.
  static List<String> stops(Fields body) {
    return body.optional("stop").map(SamplingReader::stops).orElse(List.of());
  }

  private static List<String> stops(Value stop) {
    if (stop.isString()) {
      return List.of(stop.string(STOP_LENGTH_MAX));
    }
    if (!stop.isArray()) {
      throw stop.wrongType("one of a string or array of strings");
    }
    return stop.array(STOPS_MAX).stream().map(one -> one.string(STOP_LENGTH_MAX)).toList();
  }

  private static OptionalLong seed(Fields body) {
    return body.optional("seed")
        .map(seed -> OptionalLong.of(seed.integer(Long.MIN_VALUE, Long.MAX_VALUE)))
        .orElse(OptionalLong.empty());
  }

  private static Map<Integer, Float> logitBias(Value biases) {
    biases.object();
    if (biases.json().size() > BIASES_MAX) {
      throw biases.refusal(
          ErrorCode.INVALID_VALUE,
          "Invalid '%s': it names "
              + biases.json().size()
              + " tokens, but may name at most "
              + BIASES_MAX
              + ".");
    }
    var byToken = new HashMap<Integer, Float>();
    for (var bias : biases.json().properties()) {
      var value = new Value(biases.path() + "." + bias.getKey(), bias.getValue());
      byToken.put(tokenId(biases, bias.getKey()), (float) value.decimal(-100, 100));
    }
    return byToken;
  }

  private static int tokenId(Value biases, String key) {
    if (!key.matches("[0-9]{1,9}")) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          "Invalid key in '%s': '%s'. You should only be using token ids of the model's own tokenizer."
              .formatted(biases.path(), key.substring(0, Math.min(key.length(), 40))),
          java.util.Optional.of(biases.path()));
    }
    return Integer.parseInt(key);
  }
}
