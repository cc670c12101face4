package dev.luthier.text;

import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.rows.RowMeasure;
import dev.luthier.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How one base model reads text: its tokenizer, its chat template and its context. Validation,
/// training and serving all go through here, so that they cannot disagree. Safe for many threads.
@SuppressWarnings("DoNotCallSuggester")
public final class ModelText implements AutoCloseable {
  private ModelText() {}

  /// Opens a base folder: `tokenizer.json`, `chat_template.jinja`, `config.json`.
  public static ModelText open(Path baseFolder) throws IOException {
    throw new UnsupportedOperationException("not yet: " + baseFolder);
  }

  public Tokenizer tokenizer() {
    throw new UnsupportedOperationException();
  }

  /// The most tokens that the model takes, prompt and answer together.
  public int contextLength() {
    throw new UnsupportedOperationException();
  }

  /// The tokens that end an answer.
  public Set<Integer> endTokens() {
    throw new UnsupportedOperationException();
  }

  /// The prompt of a chat, up to where the assistant's answer begins.
  ///
  /// @param messages OpenAI's `messages` array
  /// @param tools OpenAI's `tools` array
  /// @throws MessagesException when the model cannot take the messages
  public int[] encodePrompt(JsonNode messages, Optional<JsonNode> tools) {
    throw new UnsupportedOperationException();
  }

  /// The prompt of a legacy completion. Special tokens in it are ordinary text.
  public int[] encodeText(String text) {
    throw new UnsupportedOperationException();
  }

  /// A training row and what of it is trained.
  ///
  /// @param maxTokens a longer row is cut at its end
  /// @throws MessagesException when the model cannot take the messages
  public EncodedRow encodeRow(ChatRow row, int maxTokens) {
    throw new UnsupportedOperationException();
  }

  /// Measures rows for a check.
  public RowMeasure measure(int maxTokens) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
