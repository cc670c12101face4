package dev.luthier.platform.chat;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.PermissionService;
import dev.luthier.platform.models.ResolvedModel;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks models for text. Safe for many threads.
public final class ChatService {
  private final ModelService models;
  private final PermissionService permissions;
  private final Inference inference;

  public ChatService(ModelService models, PermissionService permissions, Inference inference) {
    this.models = models;
    this.permissions = permissions;
    this.inference = inference;
  }

  /// The same, telling `meter` what each answer used.
  public ChatService metered(Consumer<Usage> meter) {
    return new ChatService(
        models, permissions, (call, sink) -> inference.generate(call, new Metered(sink, meter)));
  }

  /// The model behind a name; its own name is what answers carry. 404 when there is none, or none
  /// that the caller's project may use.
  ///
  /// @param projectId that the caller says it acts for
  public ResolvedModel.Callable model(String name, Optional<String> projectId) {
    return switch (models.resolve(name)) {
      case ResolvedModel.Callable callable when permissions.allows(callable, projectId) -> callable;
      case ResolvedModel.Callable _ -> throw ApiException.modelNotFound(name);
      case ResolvedModel.Unknown unknown -> throw ApiException.modelNotFound(unknown.name());
    };
  }

  /// Checks the ranges that every endpoint shares, then generates; see [Inference#generate].
  public void generate(
      ResolvedModel.Callable model, GenerationRequest request, GenerationSink sink) {
    inference.generate(new GenerationCall(model, request), sink);
  }

  /// As [#generate], with calls taken out of the text where the prompt offers tools.
  ///
  /// @param callsMax of one answer; what is written as a call beyond that number stays text
  public void answer(
      ResolvedModel.Callable model, GenerationRequest request, int callsMax, AnswerSink sink) {
    boolean toolsOffered =
        request.prompt() instanceof Prompt.Messages messages && messages.tools().isPresent();
    generate(
        model, request, toolsOffered ? new CallsApart(sink, request.choices(), callsMax) : sink);
  }

  /// As [#answer], for one answer that nobody reads before it is whole.
  public WholeAnswer whole(ResolvedModel.Callable model, GenerationRequest request, int callsMax) {
    if (request.choices() != 1) {
      throw new IllegalArgumentException(request.choices() + " answers where one is wanted");
    }
    WholeAnswerSink sink = new WholeAnswerSink();
    answer(model, request, callsMax, sink);
    return sink.answer();
  }
}
