package dev.luthier.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The tokens of a `tokenizer.json` and what each one stands for.
final class Vocabulary {
  private final @Nullable String[] tokens;
  private final Map<String, Integer> ids;
  private final BitSet added = new BitSet();
  private final BitSet control = new BitSet();
  private final boolean byteLevel;

  Vocabulary(JsonNode tokenizer) {
    ids = new HashMap<>();
    readModel(tokenizer.path("model").path("vocab"));
    for (JsonNode token : tokenizer.path("added_tokens")) {
      int id = token.path("id").asInt();
      ids.put(token.path("content").asString(), id);
      added.set(id);
      control.set(id, token.path("special").asBoolean(false));
    }
    if (ids.isEmpty()) {
      throw new IllegalArgumentException("tokenizer.json has no model.vocab and no added_tokens");
    }
    tokens = new String[ids.values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1];
    ids.forEach((token, id) -> tokens[id] = token);
    byteLevel = isByteLevel(tokenizer.path("decoder"));
  }

  private void readModel(JsonNode vocab) {
    if (vocab.isArray()) { // Unigram: [[token, score], …]
      for (int id = 0; id < vocab.size(); id++) {
        ids.put(vocab.get(id).path(0).asString(), id);
      }
      return;
    }
    vocab.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt()));
  }

  private static boolean isByteLevel(JsonNode decoder) {
    return decoder.path("type").asString("").equals("ByteLevel")
        || decoder.path("decoders").valueStream().anyMatch(Vocabulary::isByteLevel);
  }

  int size() {
    return tokens.length;
  }

  OptionalInt idOf(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  boolean isToken(int id) {
    return id >= 0 && id < tokens.length && tokens[id] != null;
  }

  boolean isControl(int id) {
    return control.get(id);
  }

  Stream<String> controlTokens() {
    return control.stream().mapToObj(this::token);
  }

  /// Whether the tokens spell bytes by the GPT-2 alphabet, so that decoding joins bytes and nothing
  /// else.
  boolean byteLevel() {
    return byteLevel;
  }

  byte[] bytesOf(int id) {
    String token = token(id);
    if (added.get(id)) {
      return token.getBytes(StandardCharsets.UTF_8);
    }
    return byteLevel ? ByteAlphabet.bytes(token) : pieceBytes(token);
  }

  /// SentencePiece's spelling: `<0x0A>` is a byte, `▁` a blank.
  private static byte[] pieceBytes(String token) {
    if (token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
      return new byte[] {(byte) Integer.parseInt(token.substring(3, 5), 16)};
    }
    return token.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
  }

  private String token(int id) {
    String token = id >= 0 && id < tokens.length ? tokens[id] : null;
    if (token == null) {
      throw new IllegalArgumentException(
          "token " + id + " is not in the vocabulary of " + tokens.length);
    }
    return token;
  }
}
