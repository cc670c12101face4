package dev.luthier.text;

import dev.luthier.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `config.json` says about text.
///
/// @param contextLength `max_position_embeddings`
/// @param startTokens `bos_token_id`: none or one
/// @param endTokens `eos_token_id`: none, one or more
record BaseConfig(int contextLength, List<Integer> startTokens, List<Integer> endTokens) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  BaseConfig {
    startTokens = List.copyOf(startTokens);
    endTokens = List.copyOf(endTokens);
  }

  static BaseConfig read(Path file) throws IOException {
    JsonNode config;
    try {
      config = JSON.readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new IOException("no usable configuration: " + file + ": " + e.getMessage(), e);
    }
    int contextLength = config.path("max_position_embeddings").asInt(0);
    if (contextLength < 1) {
      throw new IOException("no usable configuration: " + file + ": no max_position_embeddings");
    }
    return new BaseConfig(
        contextLength, ids(config.path("bos_token_id")), ids(config.path("eos_token_id")));
  }

  private static List<Integer> ids(JsonNode node) {
    return node.isArray()
        ? node.valueStream().map(JsonNode::asInt).toList()
        : node.isInt() ? List.of(node.asInt()) : List.of();
  }

  /// `bos_token` and `eos_token`, as templates ask for them.
  Map<String, String> specialTokens(Tokenizer tokenizer) {
    var tokens = new HashMap<String, String>();
    startTokens.stream().findFirst().ifPresent(id -> tokens.put("bos_token", name(tokenizer, id)));
    endTokens.stream().findFirst().ifPresent(id -> tokens.put("eos_token", name(tokenizer, id)));
    return tokens;
  }

  private static String name(Tokenizer tokenizer, int id) {
    return tokenizer.decodeWithControl(new int[] {id});
  }
}
