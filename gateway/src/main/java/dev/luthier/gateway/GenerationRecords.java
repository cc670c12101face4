package dev.luthier.gateway;

import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.RequiredForm;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.wire.internal.AdapterRef;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// The records of a generation, from the domain to the wire and back.
final class GenerationRecords {
  private GenerationRecords() {}

  static GenerateRequest wire(GenerationCall call) {
    GenerationRequest request = call.request();
    Sampling sampling = request.sampling();
    return new GenerateRequest(
        prompt(request.prompt()),
        adapter(call.model()),
        request.choices(),
        sampling.temperature(),
        sampling.topP(),
        sampling.seed().isPresent() ? Optional.of(sampling.seed().getAsLong()) : Optional.empty(),
        request.stop(),
        boxed(request.maxTokens()),
        sampling.frequencyPenalty(),
        sampling.presencePenalty(),
        sampling.logitBias().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, bias -> (double) bias.getValue())),
        request.topLogprobs().isPresent(),
        request.topLogprobs().orElse(0),
        request.echo(),
        request.form().map(GenerationRecords::form));
  }

  private static GenerateRequest.Form form(RequiredForm form) {
    return new GenerateRequest.Form(
        form.json().map(json -> new GenerateRequest.JsonForm(json.schema(), json.strict())),
        form.calls()
            .map(calls ->
                new GenerateRequest.CallsForm(
                    calls.functions().stream()
                        .map(each ->
                            new GenerateRequest.Function(
                                each.name(), each.parameters(), each.strict()))
                        .toList(),
                    calls.callsMax(),
                    calls.text())));
  }

  private static GenerateRequest.Prompt prompt(Prompt prompt) {
    return switch (prompt) {
      case Prompt.Messages(var messages, var tools) ->
          GenerateRequest.Prompt.ofMessages(messages, tools);
      case Prompt.Text(String text) -> GenerateRequest.Prompt.ofText(text);
      case Prompt.Tokens(var tokens) -> GenerateRequest.Prompt.ofTokens(tokens);
    };
  }

  private static Optional<AdapterRef> adapter(ResolvedModel.Callable model) {
    return switch (model) {
      case ResolvedModel.Base _, ResolvedModel.WholeModel _ -> Optional.empty();
      // The id, not the name: a name may be given to other weights later, an id never.
      case ResolvedModel.FineTune(_, _, var adapter) ->
          Optional.of(
              new AdapterRef(adapter.id(), adapter.folder().toString(), adapter.weightsSha256()));
    };
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }

  static TokenLogprob domain(GenerateEvent.TokenLogprob logprob) {
    return new TokenLogprob(
        logprob.token(),
        logprob.logprob(),
        logprob.bytes(),
        logprob.topLogprobs().stream()
            .map(top -> new TokenLogprob.Alternative(top.token(), top.logprob(), top.bytes()))
            .toList());
  }

  /// The line of the error table that says what the process said.
  static ErrorCode errorCode(GenerateEvent.Failed failed) {
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.status() == failed.status() && code.code().equals(failed.code()))
        .findFirst()
        .orElse(failed.status() < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL);
  }
}
