package dev.luthier.worker.inference;

import dev.luthier.engine.infer.Generation;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.TokenConstraint;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.text.grammar.AnswerForm;
import dev.luthier.text.tokenizer.StreamDecoder;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What serving needs of a base: its text and its generator. Safe for many threads.
interface ServedModel extends AutoCloseable {
  int contextLength();

  Set<Integer> endTokens();

  /// Throws `MessagesException` when the model cannot take the messages.
  int[] encodeMessages(JsonNode messages, Optional<JsonNode> tools);

  int[] encodeText(String text);

  String decode(int[] ids);

  StreamDecoder streamDecoder();

  /// The bytes that a token stands for; a part of a character for some.
  byte[] bytesOf(int id);

  /// Which tokens keep an answer within a form; a new one for each answer. Throws `SchemaException`
  /// when answers cannot be held to it.
  TokenConstraint constraint(AnswerForm form);

  /// Throws `GenerationRefusedException`.
  Generation submit(GenerationRequest request, TokenSink sink);

  @Override
  void close();
}
