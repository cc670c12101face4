package dev.luthier.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.graders.Judge;
import dev.luthier.platform.graders.Sample;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.GradeAnswer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GradeRecordsTest {
  private static final String MULTI =
      """
      {"type":"multi","name":"both","calculate_output":"0.5 * right + 0.5 * good","graders":{
        "right":{"type":"string_check","name":"r","input":"{{sample.output_json.a}}",
                 "reference":"b","operation":"eq"},
        "good":{"type":"score_model","name":"g","model":"judge",
                "input":[{"role":"user","content":"How good is {{sample.output_text}}?"}]}}}
      """;

  private final Graders graders =
      new Graders(
          _ ->
              new Judge.Answer(
                  "judge", "{\"steps\":[],\"result\":0.5}", FinishReason.STOP, new Usage(10, 5)),
          () -> 0);

  private GradeAnswer.Grade grade(String answer) {
    var grader = GraderReader.readReward(Json.tree(MULTI), "grader");
    return GradeRecords.wire(grader, graders.grade(grader, Sample.of(answer), Json.tree("{}")));
  }

  @Test
  void ofAFormulaEachGraderIsTold() {
    var grade = grade("{\"a\":\"b\"}");
    assertEquals(0.75, grade.reward());
    assertEquals(
        List.of(
            new GradeAnswer.Part(
                "right", "string_check", Optional.empty(), 1, List.of(), 0, 0, 0, 0),
            new GradeAnswer.Part(
                "good", "score_model", Optional.of("judge"), 0.5, List.of(), 10, 0, 5, 0)),
        grade.parts());
  }

  @Test
  void whatOneOfThemCouldNotReadIsItsOwnError() {
    var grade = grade("no JSON");
    assertTrue(grade.unreadable());
    assertEquals(List.of("sample_parse_error"), grade.parts().getFirst().errors());
    assertEquals(List.of(), grade.parts().getLast().errors());
  }
}
