package dev.luthier.text.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A base model's tokenizer. Safe for use by many threads at once; the opener closes it.
///
/// It holds two tokenizers of one `tokenizer.json`: the whole one, and one that does not know the
/// special tokens, for text of others; that one is made when it is first needed, as most texts name
/// no special token. Added tokens that are not special (Qwen's `<think>`) are ordinary text to
/// both, as they are to Python's `tokenizers`.
public final class Tokenizer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Vocabulary vocabulary;
  private final NativeTokenizers.Handle whole;
  private final String json;
  private final int[] prefix;
  private Optional<NativeTokenizers.Handle> plain = Optional.empty();
  private boolean closed;

  private Tokenizer(JsonNode tokenizer, String json) {
    this.json = json;
    vocabulary = new Vocabulary(tokenizer);
    whole = new NativeTokenizers.Handle(json);
    try {
      prefix = prefix(whole);
    } catch (RuntimeException e) {
      whole.close();
      throw e;
    }
  }

  /// Loads a `tokenizer.json`; takes about a third of a second.
  ///
  /// @throws IOException if the file cannot be read or is no tokenizer, with the reason
  public static Tokenizer load(Path tokenizerJson) throws IOException {
    String json = Files.readString(tokenizerJson, StandardCharsets.UTF_8);
    try {
      return parse(json);
    } catch (RuntimeException e) {
      throw new IOException("no usable tokenizer: " + tokenizerJson + ": " + e.getMessage(), e);
    }
  }

  /// Loads the text of a `tokenizer.json`.
  ///
  /// @throws IllegalArgumentException if it is no JSON or has no vocabulary
  public static Tokenizer parse(String json) {
    try {
      return new Tokenizer(JSON.readTree(json), json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("tokenizer.json is no JSON: " + e.getMessage(), e);
    }
  }

  private static String withoutSpecialTokens(JsonNode tokenizer) {
    ObjectNode copy = JSON.createObjectNode();
    copy.setAll((ObjectNode) tokenizer); // The vocabulary is shared: it is most of the file.
    var ordinary = copy.putArray("added_tokens");
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (!token.path("special").asBoolean(false)) {
        ordinary.add(token);
      }
    }
    copy.putNull("post_processor"); // it may name the tokens that are gone
    return JSON.writeValueAsString(copy);
  }

  /// What a post-processor puts before a text, found by trying: for Llama 3 the id of
  /// `<|begin_of_text|>`.
  private static int[] prefix(NativeTokenizers.Handle tokenizer) {
    int[] bare = tokenizer.encode("a", false);
    int[] processed = tokenizer.encode("a", true);
    for (int length = 0; length + bare.length <= processed.length; length++) {
      if (Arrays.mismatch(bare, Arrays.copyOfRange(processed, length, length + bare.length)) < 0) {
        return Arrays.copyOf(processed, length);
      }
    }
    return new int[0];
  }

  /// The ids of a text, without any token that the text does not name. Half of a surrogate pair
  /// counts as U+FFFD.
  public int[] encode(String text, SpecialTokens specialTokens) {
    return handle(specialTokens).encode(wellFormed(text), false);
  }

  /// As [#encode], with the place of each token.
  public TokenizedText encodeWithStarts(String text, SpecialTokens specialTokens) {
    return handle(specialTokens).encodeWithStarts(wellFormed(text));
  }

  /// The tokens that belong before the first text of a sequence; a chat template writes them
  /// itself.
  public int[] prefix() {
    return prefix.clone();
  }

  /// The text of ids. Control tokens have none.
  public String decode(int[] ids) {
    return whole.decode(ids, true);
  }

  /// The text of ids with the names of control tokens, to be shown to people.
  public String decodeWithControl(int[] ids) {
    return whole.decode(ids, false);
  }

  /// A decoder for one answer that arrives token by token.
  public StreamDecoder streamDecoder() {
    return vocabulary.byteLevel()
        ? new ByteStreamDecoder(vocabulary)
        : new WindowStreamDecoder(this);
  }

  /// The bytes that a token stands for, which may be a part of a character; for a control token
  /// those of its name.
  ///
  /// @throws IllegalArgumentException if no token has this id
  public byte[] bytesOf(int id) {
    return vocabulary.bytesOf(id);
  }

  /// One more than the greatest id.
  public int vocabularySize() {
    return vocabulary.size();
  }

  /// The id of a token by its spelling in the vocabulary, for instance `<|im_end|>`.
  public OptionalInt idOf(String token) {
    return vocabulary.idOf(token);
  }

  /// Whether a token has this id.
  public boolean isToken(int id) {
    return vocabulary.isToken(id);
  }

  /// Whether a token is a special one, that steers the model and is no text.
  public boolean isControl(int id) {
    return vocabulary.isControl(id);
  }

  /// The names of all control tokens, in order of ids.
  public List<String> controlTokens() {
    return vocabulary.controlTokens().toList();
  }

  @Override
  public void close() {
    whole.close();
    closePlain();
  }

  private synchronized void closePlain() {
    closed = true;
    plain.ifPresent(NativeTokenizers.Handle::close);
  }

  private NativeTokenizers.Handle handle(SpecialTokens specialTokens) {
    return switch (specialTokens) {
      case AS_CONTROL -> whole;
      case AS_TEXT -> plain();
    };
  }

  private synchronized NativeTokenizers.Handle plain() {
    if (closed) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    if (plain.isEmpty()) {
      plain = Optional.of(new NativeTokenizers.Handle(withoutSpecialTokens(JSON.readTree(json))));
    }
    return plain.get();
  }

  /// Places of tokens count characters, so a lone surrogate must be one, as in the native text.
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return replaceLoneSurrogates(text);
      }
    }
    return text;
  }

  private static String replaceLoneSurrogates(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
