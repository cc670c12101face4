package dev.luthier.platform.graders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GradersTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<Judge.Question> questions = new ArrayList<>();
  private final AtomicLong time = new AtomicLong();
  private String verdict = "{\"steps\":[],\"result\":0.75}";
  private final Graders graders =
      new Graders(
          question -> {
            questions.add(question);
            if (question.model().equals("gone")) {
              throw ApiException.modelNotFound("gone");
            }
            return new Judge.Answer("the-judge", verdict, FinishReason.STOP, new Usage(10, 5));
          },
          () -> time.getAndAdd(1_000_000));

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  private Grade grade(String grader, String sample, String item) {
    return graders.grade(GraderReader.read(json(grader), "grader"), Sample.of(sample), json(item));
  }

  private static final String ITEM =
      "{\"label\":\"Paris\",\"deep\":[{\"k 1\":7}],\"ok\":true,\"none\":null}";

  @ParameterizedTest
  @CsvSource({
    "eq, Paris, 1", "eq, paris, 0", "ne, Rome, 1", "ne, Paris, 0",
    "like, It is Paris!, 1", "like, it is paris!, 0", "ilike, it is PARIS!, 1", "ilike, Rome, 0"
  })
  void textsAreChecked(String operation, String sample, double expected) {
    var grade =
        grade(
            """
            {"type":"string_check","name":"c","input":"{{ sample.output_text }}",
             "reference":"{{item.label}}","operation":"%s"}\
            """
                .formatted(operation),
            sample,
            ITEM);
    assertEquals(expected, grade.reward());
    assertEquals(Map.of("c", expected), grade.scores());
    assertFalse(grade.errors().any());
    assertTrue(grade.duration().toMillis() >= 1);
  }

  @Test
  void whatARowLacksIsNamedAndWhatDependsOnTheSampleIsNot() {
    var grader =
        GraderReader.read(
            json(
                """
                {"type":"multi","name":"m","calculate_output":"a",
                 "graders":{"a":{"type":"string_check","name":"a","operation":"eq",
                   "input":"{{sample.output_json.x}}","reference":"{{item.label}} {{ item.labels[0] }}"}}}
                """),
            "grader");
    assertEquals(List.of("{{item.labels[0]}}"), Graders.missing(grader, json(ITEM)));
    assertEquals(List.of(), Graders.missing(grader, json("{\"label\":1,\"labels\":[null]}")));
  }

  @Test
  void placesReachIntoRowsAndSamples() {
    var scope =
        Scope.of(
            json(ITEM),
            Sample.of(
                "{\"x\":{\"y\":[1,\"two\"]}}",
                json("[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")));
    var template =
        Template.parse(
            "{{item.deep[0]['k 1']}} {{ item.ok }} {{item.none}} {{sample.output_json.x.y[1]}}"
                + " {{sample.output_json.x}} {{sample.output_tools[0].function.name}}"
                + " {{sample.choices[0].message.role}} }} {");
    assertEquals("7 true null two {\"y\":[1,\"two\"]} f assistant }} {", template.fill(scope));
  }

  @Test
  void whatATemplateLacksIsToldAndWorthNothing() {
    var check =
        """
        {"type":"string_check","name":"c","input":"{{%s}}","reference":"x","operation":"ne"}\
        """;
    var unknown = grade(check.formatted("item.nix"), "x", ITEM);
    assertEquals(0, unknown.reward());
    assertTrue(unknown.errors().has(GradeErrors.Kind.INVALID_VARIABLE));
    assertEquals("{{item.nix}} names nothing that is there", unknown.errors().details().orElse(""));

    var unread = grade(check.formatted("sample.output_json.a"), "no JSON {", ITEM);
    assertTrue(unread.errors().has(GradeErrors.Kind.SAMPLE_PARSE));

    var lacking = grade(check.formatted("sample.output_json.a"), "{\"b\":1}", ITEM);
    assertTrue(lacking.errors().has(GradeErrors.Kind.INVALID_VARIABLE));
  }

  private static final String SCORE =
      """
      {"type":"score_model","name":"judge","model":"%s","range":[-1,0.5],
       "input":[{"role":"system","content":"Be just."},
                {"role":"user","content":[{"type":"input_text","text":"{{item.label}}: "},
                                          {"type":"input_text","text":"{{sample.output_text}}"}]}],
       "sampling_params":{"temperature":0.5,"seed":7,"max_completions_tokens":64}}\
      """;

  @Test
  void aModelsScoreIsClippedToItsRange() {
    var grade = grade(SCORE.formatted("m"), "Rome", ITEM);
    assertEquals(0.5, grade.reward());
    assertEquals(15, grade.tokens().orElseThrow());
    var question = questions.getFirst();
    assertEquals(
        "[{\"role\":\"system\",\"content\":\"Be just.\"},"
            + "{\"role\":\"user\",\"content\":\"Paris: Rome\"}]",
        question.messages().toString());
    assertEquals(64, question.tokensMax());
    assertEquals(0.5, question.sampling().temperature());
    assertEquals(7, question.sampling().seed().orElseThrow());
    verdict = "{\"steps\":[\"no\"],\"result\":-3}";
    assertEquals(-1, grade(SCORE.formatted("m"), "Rome", ITEM).reward());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"steps":[]
          {"steps":[]}
          {"steps":[],"result":"high"}
          I would say 3
          """)
  void aJudgementThatCannotBeReadIsToldAndWorthNothing(String said) {
    verdict = said;
    var grade = grade(SCORE.formatted("m"), "Rome", ITEM);
    assertEquals(0, grade.reward());
    assertTrue(grade.errors().has(GradeErrors.Kind.MODEL_PARSE));
    assertEquals(15, grade.tokens().orElseThrow(), "the tokens were spent all the same");
  }

  @Test
  void aJudgeThatCannotBeAskedIsTold() {
    var grade = grade(SCORE.formatted("gone"), "Rome", ITEM);
    assertTrue(grade.errors().has(GradeErrors.Kind.MODEL_SERVER));
    assertTrue(grade.errors().details().orElse("").contains("`gone` does not exist"));
  }

  @Test
  void aLabelPassesOrNot() {
    var label =
        """
        {"type":"label_model","name":"tone","model":"m","labels":["kind","rude"],
         "passing_labels":["kind"],"input":[{"role":"user","content":"{{sample.output_text}}"}]}\
        """;
    verdict = "{\"steps\":[],\"result\":\"kind\"}";
    assertEquals(1, grade(label, "hello", ITEM).reward());
    verdict = "{\"steps\":[],\"result\":\"rude\"}";
    assertEquals(0, grade(label, "hello", ITEM).reward());
    assertTrue(questions.getFirst().schema().toString().contains("[\"kind\",\"rude\"]"));
    verdict = "{\"steps\":[],\"result\":\"odd\"}";
    assertTrue(grade(label, "hello", ITEM).errors().has(GradeErrors.Kind.MODEL_PARSE));
    assertThrows(ApiException.class, () -> GraderReader.readReward(json(label), "grader"));
  }

  private static final String CHECK =
      "{\"type\":\"string_check\",\"name\":\"c\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"{{item.label}}\",\"operation\":\"eq\"}";
  private static final String FUZZY =
      "{\"type\":\"text_similarity\",\"name\":\"f\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"{{item.label}}\",\"evaluation_metric\":\"fuzzy_match\"}";

  @Test
  void aFormulaGoesOverTheRewardsOfItsGraders() {
    var multi =
        "{\"type\":\"multi\",\"name\":\"m\",\"graders\":{\"same\":"
            + CHECK
            + ",\"near\":"
            + FUZZY
            + ",\"judge\":"
            + SCORE.formatted("m")
            + "},\"calculate_output\":\"same + 2 * near_score + string_check_score + judge\"}";
    var grade = grade(multi, "Paris", ITEM);
    assertEquals(4.5, grade.reward(), 1e-12);
    assertEquals(Map.of("same", 1.0, "near", 1.0, "judge", 0.5), grade.scores());
    assertEquals(List.of("same", "near", "judge"), List.copyOf(grade.parts().keySet()));
    assertEquals(15, grade.tokens().orElseThrow());
  }

  @Test
  void aFormulaWithoutAValueIsToldAndWorthNothing() {
    var multi =
        "{\"type\":\"multi\",\"name\":\"m\",\"graders\":["
            + CHECK
            + "],\"calculate_output\":\"1 / c\"}";
    var grade = grade(multi, "Rome", ITEM);
    assertEquals(0, grade.reward());
    assertTrue(grade.errors().has(GradeErrors.Kind.FORMULA_PARSE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name":"x"}                                                            | grader.type
          {"type":"exact","name":"x"}                                             | grader.type
          {"type":"python","name":"x","source":"def grade(s, i): return 1"}       | grader.type
          {"type":"string_check","name":"x","input":"a","reference":"b"}          | grader.operation
          {"type":"string_check","name":"x","input":"a","reference":"b","operation":"neq"} | grader.operation
          {"type":"string_check","name":"x","input":"{{row.a}}","reference":"b","operation":"eq"} | grader.input
          {"type":"string_check","name":"x","input":"{{item.a","reference":"b","operation":"eq"} | grader.input
          {"type":"string_check","name":"x","input":"{{item.a.up()}}","reference":"b","operation":"eq"} | grader.input
          {"type":"string_check","name":"x","input":7,"reference":"b","operation":"eq"} | grader.input
          {"type":"text_similarity","name":"x","input":"a","reference":"b","evaluation_metric":"cosine"} | grader.evaluation_metric
          {"type":"score_model","name":"x","model":"m","input":[]}                | grader.input
          {"type":"score_model","name":"x","model":"m","input":[{"role":"user","content":"a"}],"range":[1,0]} | grader.range
          {"type":"score_model","name":"x","model":"m","input":[{"role":"cook","content":"a"}]} | grader.input[0].role
          {"type":"score_model","name":"x","model":"m","input":[{"role":"user","content":{"type":"input_image"}}]} | grader.input[0].content.type
          {"type":"multi","name":"x","graders":{},"calculate_output":"1"}         | grader.graders
          {"type":"multi","name":"x","graders":{"a":{"type":"multi","name":"y"}},"calculate_output":"a"} | grader.graders.a.type
          {"type":"multi","name":"x","graders":{"a":{"type":"string_check","name":"y","input":"","reference":"","operation":"eq"}},"calculate_output":"a +"} | grader.calculate_output
          """)
  void aRefusalNamesTheField(String grader, String param) {
    var thrown = assertThrows(ApiException.class, () -> GraderReader.read(json(grader), "grader"));
    assertEquals(param, thrown.param().orElse(""), thrown::text);
    assertEquals(400, thrown.code().status());
  }
}
