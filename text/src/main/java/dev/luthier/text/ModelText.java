package dev.luthier.text;

import dev.luthier.text.RenderedEncoder.Control;
import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.rows.PromptRow;
import dev.luthier.text.rows.RowLength;
import dev.luthier.text.rows.RowMeasure;
import dev.luthier.text.rows.RowRefusedException;
import dev.luthier.text.template.ChatTemplate;
import dev.luthier.text.template.Rendered;
import dev.luthier.text.template.TemplateException;
import dev.luthier.text.tokenizer.SpecialTokens;
import dev.luthier.text.tokenizer.TokenizedText;
import dev.luthier.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// How one base model reads text: its tokenizer, its chat template and its context. Validation,
/// training and serving all go through here, so that they cannot disagree. Safe for many threads.
public final class ModelText implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final PromptRenderer renderer;
  private final RenderedEncoder encoder;
  private final int contextLength;
  private final Set<Integer> endTokens;
  private final TrainedTurns trainedTurns;

  /// @param configuredEndTokens those that the base's configuration names; the one that the
  ///   template ends an answer with is found by trying
  ModelText(
      Tokenizer tokenizer,
      PromptRenderer renderer,
      int contextLength,
      Set<Integer> configuredEndTokens) {
    this.tokenizer = tokenizer;
    this.renderer = renderer;
    this.contextLength = contextLength;
    encoder = new RenderedEncoder(tokenizer);
    endTokens = EndTokens.of(configuredEndTokens, renderer, encoder);
    trainedTurns = new TrainedTurns(renderer, endTokens);
  }

  /// Opens a base folder: `tokenizer.json`, `chat_template.jinja`, `config.json`.
  ///
  /// @throws IOException if one of them is missing or cannot be used, with its name
  public static ModelText open(Path baseFolder) throws IOException {
    return open(baseFolder, Clock.system(ZoneId.systemDefault()));
  }

  /// As [#open(Path)], with the clock that a template may ask for the date.
  public static ModelText open(Path baseFolder, Clock clock) throws IOException {
    BaseConfig config = BaseConfig.read(baseFolder.resolve("config.json"));
    Path templateFile = baseFolder.resolve("chat_template.jinja");
    String source = Files.readString(templateFile);
    ChatTemplate template;
    try {
      template = ChatTemplate.parse(source);
    } catch (TemplateException e) {
      throw new IOException("no usable chat template: " + templateFile + ": " + e.getMessage(), e);
    }
    Tokenizer tokenizer = Tokenizer.load(baseFolder.resolve("tokenizer.json"));
    try {
      var renderer = new TemplateRenderer(template, config.specialTokens(tokenizer), clock);
      return new ModelText(
          tokenizer,
          ToolsAsText.whereNeeded(renderer, source),
          config.contextLength(),
          Set.copyOf(config.endTokens()));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /// The most tokens that the model takes, prompt and answer together.
  public int contextLength() {
    return contextLength;
  }

  /// The tokens that end an answer.
  public Set<Integer> endTokens() {
    return endTokens;
  }

  /// The prompt of a chat, up to where the assistant's answer begins.
  ///
  /// @param messages OpenAI's `messages` array
  /// @param tools OpenAI's `tools` array
  /// @throws MessagesException when the model cannot take the messages
  public int[] encodePrompt(JsonNode messages, Optional<JsonNode> tools) {
    return encoder.encode(renderer.render(ChatMessages.normalise(messages), tools, true)).ids();
  }

  /// The prompt of a legacy completion, with the token before it that the model expects at the
  /// start of a text. Special tokens in it are ordinary text.
  public int[] encodeText(String text) {
    int[] prefix = tokenizer.prefix();
    int[] ids = tokenizer.encode(text, SpecialTokens.AS_TEXT);
    return IntStream.concat(Arrays.stream(prefix), Arrays.stream(ids)).toArray();
  }

  /// A training row and what of it is trained.
  ///
  /// @param maxTokens a longer row is cut at its end
  /// @throws MessagesException when the model cannot take the messages
  public EncodedRow encodeRow(ChatRow row, int maxTokens) {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("rows of " + maxTokens + " tokens");
    }
    ArrayNode messages = ChatMessages.normalise(row.messages());
    Rendered whole = renderer.render(messages, row.tools(), false);
    List<Control> controls = encoder.controls(whole);
    TokenizedText tokens = encoder.encode(whole, controls);
    BitSet trainedText = trainedTurns.find(row, messages, whole, controls);
    int length = Math.min(tokens.ids().length, maxTokens);
    boolean[] trained = new boolean[length];
    for (int t = 0; t < length; t++) {
      trained[t] = trainedText.get(tokens.starts()[t]);
    }
    return new EncodedRow(
        Arrays.copyOf(tokens.ids(), length), trained, tokens.ids().length - length);
  }

  /// Measures rows for a check.
  ///
  /// @param maxTokens as for [#encodeRow]; an answer to a prompt needs one of them
  public RowMeasure measure(int maxTokens) {
    return conversation -> {
      try {
        return switch (conversation) {
          case ChatRow row -> length(encodeRow(row, maxTokens));
          case PromptRow prompt -> promptLength(prompt, maxTokens - 1);
        };
      } catch (MessagesException e) {
        throw new RowRefusedException(" cannot be used: " + e.getMessage());
      }
    };
  }

  private static RowLength length(EncodedRow row) {
    return new RowLength(row.tokens().length, row.trainedTokens(), row.tokensLost());
  }

  /// An answer of one token at least has to fit in behind it.
  private RowLength promptLength(PromptRow prompt, int most) {
    int tokens = encodePrompt(prompt.messages(), prompt.tools()).length;
    int kept = Math.min(tokens, most);
    return new RowLength(kept, 0, tokens - kept);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
