package dev.luthier.text;

import dev.luthier.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fixtures that the scripts in `src/test/python` wrote.
public final class Fixtures {
  public static final JsonMapper JSON = JsonMapper.builder().build();

  private Fixtures() {}

  public static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode json(String name) {
    try {
      return JSON.readTree(Files.readString(path(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path tinyBase() {
    return path("tiny-base");
  }

  public static Tokenizer tinyTokenizer() {
    try {
      return Tokenizer.load(tinyBase().resolve("tokenizer.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The message of an exception that must have one.
  public static String messageOf(Throwable error) {
    return Objects.requireNonNull(error.getMessage());
  }

  public static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }
}
