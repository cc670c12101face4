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
import dev.luthier.text.grammar.TokenGuide;
import dev.luthier.text.tokenizer.StreamDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A base folder, served by the engine.
record EngineModel(ModelText text, AnswerForms forms, Generator generator) implements ServedModel {
  static EngineModel open(Path baseFolder) throws IOException {
    ModelText text = ModelText.open(baseFolder);
    try {
      var forms = new AnswerForms(text.tokenizer(), text.endTokens());
      return new EngineModel(text, forms, Generator.open(baseFolder, GeneratorSettings.defaults()));
    } catch (IOException | RuntimeException e) {
      text.close();
      throw e;
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
    TokenGuide guide = forms.guide(form);
    return new TokenConstraint() {
      @Override
      public long[] allowed() {
        return guide.allowed();
      }

      @Override
      public void accept(int id) {
        guide.accept(id);
      }
    };
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
