package dev.luthier.worker.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.Sha256;
import dev.luthier.text.ToolCallReader;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.AdapterRef;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateRequest;
import dev.luthier.worker.TinyBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Answers of the engine itself, on a tiny random base.
@Timeout(120)
class EngineModelTest {
  private static final String QUESTION = "Who are you?";
  private static final String ANSWER = "A violin.";

  @TempDir Path folder;

  /// Text and weights are opened side by side; whichever fails is told, and the other is closed.
  @Test
  void aFolderWithoutTokenizerOrWeightsIsRefusedByTheMissingFile() throws Exception {
    for (String name : List.of("tokenizer.json", "model.safetensors")) {
      Path base = TinyBase.write(folder.resolve("without-" + name), 11);
      Files.delete(base.resolve(name));
      var refused = assertThrows(IOException.class, () -> EngineModel.open(base));
      assertTrue(String.valueOf(refused.getMessage()).contains(name), refused.toString());
    }
  }

  @Test
  void greedyChoicesAgreeAndBillWhatTheyShow() throws Exception {
    try (ServedModel model = EngineModel.open(TinyBase.write(folder.resolve("base"), 11))) {
      assertEquals(128, model.contextLength());
      List<GenerateEvent> events = answer(model, chat("Who are you?", 8));
      int prompt = assertInstanceOf(GenerateEvent.Started.class, events.getFirst()).promptTokens();
      assertTrue(prompt > 3, "the template adds its own tokens, but there are " + prompt);
      assertEquals(text(events, 0), text(events, 1));
      var usage = assertInstanceOf(GenerateEvent.Usage.class, events.getLast());
      assertEquals(prompt, usage.promptTokens());
      assertEquals(logprobs(events).size(), usage.completionTokens());
      for (GenerateEvent.TokenLogprob token : logprobs(events)) {
        assertEquals(token.logprob(), token.topLogprobs().getFirst().logprob());
        assertTrue(token.logprob() <= 0, token.toString());
      }
    }
  }

  @Test
  void anAdapterAnswersWhatItWasTrainedOnBesideTheBase() throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    Path adapter = TinyAdapter.trained(base, folder.resolve("adapter"), QUESTION, ANSWER);
    var reference =
        new AdapterRef(
            "ft:tiny", adapter.toString(), Sha256.of(adapter.resolve("adapter_model.safetensors")));
    try (ServedModel model = EngineModel.open(base)) {
      String before = text(answer(model, chat(QUESTION, 24)), 0);
      List<GenerateEvent> tuned = answer(model, chat(QUESTION, 24, Optional.of(reference)));
      assertEquals(ANSWER, text(tuned, 0));
      assertEquals(ANSWER, text(tuned, 1));
      assertTrue(
          tuned.contains(new GenerateEvent.Finished(0, "stop")),
          "it has learned to stop: " + tuned);
      assertNotEquals(ANSWER, before);
      assertEquals(before, text(answer(model, chat(QUESTION, 24)), 0), "the base is as it was");
    }
  }

  @Test
  void aRandomModelKeepsToASchemaAndToACall() throws Exception {
    var schema =
        Json.tree(
            """
            {"type": "object", "properties": {
              "mood": {"enum": ["calm", "wild"]}, "strings": {"type": "integer", "minimum": 1, "maximum": 7}},
             "required": ["mood", "strings"], "additionalProperties": false}
            """);
    var json = new GenerateRequest.JsonForm(Optional.of(schema), true);
    var function = new GenerateRequest.Function("play", schema, true);
    var calls = new GenerateRequest.CallsForm(List.of(function), 1, false);
    try (ServedModel model = EngineModel.open(TinyBase.write(folder.resolve("base"), 11))) {
      var text =
          text(
              answer(
                  model,
                  chat(
                      QUESTION,
                      80,
                      Optional.empty(),
                      Optional.of(new GenerateRequest.Form(Optional.of(json), Optional.empty())))),
              0);
      var answer = Json.tree(text);
      assertTrue(List.of("calm", "wild").contains(answer.get("mood").asString()), text);
      assertTrue(answer.get("strings").asInt() >= 1 && answer.get("strings").asInt() <= 7, text);
      var called =
          text(
              answer(
                  model,
                  chat(
                      QUESTION,
                      80,
                      Optional.empty(),
                      Optional.of(new GenerateRequest.Form(Optional.empty(), Optional.of(calls))))),
              1);
      var reader = new ToolCallReader(1);
      reader.add(called);
      reader.end();
      assertEquals(1, reader.calls(), called);
    }
  }

  private static GenerateRequest chat(String question, int maxTokens) {
    return chat(question, maxTokens, Optional.empty());
  }

  private static GenerateRequest chat(
      String question, int maxTokens, Optional<AdapterRef> adapter) {
    return chat(question, maxTokens, adapter, Optional.empty());
  }

  private static GenerateRequest chat(
      String question,
      int maxTokens,
      Optional<AdapterRef> adapter,
      Optional<GenerateRequest.Form> form) {
    var messages = Json.mapper().createArrayNode();
    messages.addObject().put("role", "user").put("content", question);
    return new GenerateRequest(
        GenerateRequest.Prompt.ofMessages(messages, Optional.empty()),
        adapter,
        2,
        0,
        1,
        Optional.of(1L),
        List.of(),
        Optional.of(maxTokens),
        0,
        0,
        Map.of(),
        true,
        2,
        false,
        form);
  }

  private static List<GenerateEvent> answer(ServedModel model, GenerateRequest request)
      throws IOException, InterruptedException {
    List<GenerateEvent> events = new ArrayList<>();
    var answer = new Answer(model, request, Prompt.of(request, model));
    answer.submit(1);
    answer.writeTo(
        new Answer.Writer() {
          @Override
          public void write(List<GenerateEvent> batch) {
            events.addAll(batch);
          }

          @Override
          public void ping() {}
        });
    return events;
  }

  private static String text(List<GenerateEvent> events, int index) {
    var text = new StringBuilder();
    for (GenerateEvent event : events) {
      if (event instanceof GenerateEvent.Delta(int at, String piece, _) && at == index) {
        text.append(piece);
      }
    }
    return text.toString();
  }

  private static List<GenerateEvent.TokenLogprob> logprobs(List<GenerateEvent> events) {
    List<GenerateEvent.TokenLogprob> logprobs = new ArrayList<>();
    for (GenerateEvent event : events) {
      if (event instanceof GenerateEvent.Delta delta) {
        logprobs.addAll(delta.logprobs());
      }
    }
    return logprobs;
  }
}
