package dev.luthier.platform.graders;

import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.RequiredForm;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.models.ResolvedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Asks the models of this server, held to the form of a judgement.
public final class ChatJudge implements Judge {
  private final ChatService chat;

  public ChatJudge(ChatService chat) {
    this.chat = chat;
  }

  @Override
  public Answer ask(Question question) {
    ResolvedModel.Callable model = chat.model(question.model(), Optional.empty());
    Grader.JudgeSampling sampling = question.sampling();
    var request =
        new GenerationRequest(
            new Prompt.Messages(question.messages(), Optional.empty()),
            1,
            OptionalInt.of(question.tokensMax()),
            List.of(),
            new Sampling(sampling.temperature(), sampling.topP(), 0, 0, Map.of(), sampling.seed()),
            OptionalInt.empty(),
            false,
            Optional.of(
                RequiredForm.of(new RequiredForm.Json(Optional.of(question.schema()), true))));
    var answer = chat.whole(model, request, 0);
    return new Answer(model.name(), answer.text(), answer.reason(), answer.usage());
  }
}
