package dev.luthier.worker.inference;

import dev.luthier.engine.infer.Generation;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.Generator;
import dev.luthier.engine.infer.GeneratorSettings;
import dev.luthier.engine.infer.TokenConstraint;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.text.ModelText;
import dev.luthier.text.grammar.AnswerForm;
import dev.luthier.text.grammar.AnswerForms;
import dev.luthier.text.tokenizer.StreamDecoder;
import dev.luthier.worker.GuidedTokens;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// A base folder, served by the engine.
record EngineModel(ModelText text, AnswerForms forms, Generator generator) implements ServedModel {
  private static final Logger LOG = LoggerFactory.getLogger(EngineModel.class);

  static EngineModel open(Path baseFolder) throws IOException {
    // Side by side: the tokenizer is one thread's work and as long as the weights'.
    var text = new FutureTask<>(() -> ModelText.open(baseFolder));
    Thread.ofPlatform().name("open-text").daemon().start(text);
    try {
      Generator generator = Generator.open(baseFolder, GeneratorSettings.defaults());
      try {
        ModelText opened = opened(text);
        var forms = new AnswerForms(opened.tokenizer(), opened.endTokens());
        return new EngineModel(opened, forms, generator);
      } catch (IOException | RuntimeException e) {
        generator.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      closeWhenOpened(text);
      throw e;
    }
  }

  private static ModelText opened(FutureTask<ModelText> text) throws IOException {
    try {
      return text.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unread) {
        throw unread;
      }
      throw new IllegalStateException("the text of the base cannot be opened", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the base was opened");
    }
  }

  private static void closeWhenOpened(FutureTask<ModelText> text) {
    try {
      opened(text).close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("the text of the base was not opened either", e);
    }
  }

  @Override
  public int contextLength() {
    return generator.contextLength();
  }

  @Override
  public Set<Integer> endTokens() {
    return text.endTokens();
  }

  @Override
  public int[] encodeMessages(JsonNode messages, Optional<JsonNode> tools) {
    return text.encodePrompt(messages, tools);
  }

  @Override
  public int[] encodeText(String prompt) {
    return text.encodeText(prompt);
  }

  @Override
  public String decode(int[] ids) {
    return text.tokenizer().decode(ids);
  }

  @Override
  public StreamDecoder streamDecoder() {
    return text.tokenizer().streamDecoder();
  }

  @Override
  public byte[] bytesOf(int id) {
    return text.tokenizer().bytesOf(id);
  }

  @Override
  public TokenConstraint constraint(AnswerForm form) {
    return new GuidedTokens(forms.guide(form));
  }

  @Override
  public Generation submit(GenerationRequest request, TokenSink sink) {
    return generator.submit(request, sink);
  }

  @Override
  public void close() {
    generator.close();
    text.close();
  }
}
