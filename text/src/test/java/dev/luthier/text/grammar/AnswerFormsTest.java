package dev.luthier.text.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import dev.luthier.text.tokenizer.SpecialTokens;
import dev.luthier.text.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class AnswerFormsTest {
  private static final Tokenizer TOKENIZER = Fixtures.tinyTokenizer();
  private static final int END = TOKENIZER.idOf("<|im_end|>").orElseThrow();
  private static final int TOKENS_MAX = 600;

  private final AnswerForms forms = new AnswerForms(TOKENIZER, Set.of(END));

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  /// An answer drawn at random, or empty where it was cut. Half of the draws are of what ends
  /// things, or most answers would never end.
  private static Optional<String> drawn(TokenGuide guide, Random random) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < TOKENS_MAX; i++) {
      BitSet allowed = BitSet.valueOf(guide.allowed());
      assertFalse(allowed.isEmpty(), () -> "a dead end behind " + bytes);
      int id = chosen(allowed, random);
      guide.accept(id);
      if (id == END) {
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
      }
      bytes.writeBytes(TOKENIZER.bytesOf(id));
    }
    return Optional.empty();
  }

  private static int chosen(BitSet allowed, Random random) {
    if (random.nextBoolean()) {
      for (String closing : List.of("\"", "]", "}", "null")) {
        int id = TOKENIZER.encode(closing, SpecialTokens.AS_TEXT)[0];
        if (allowed.get(id)) {
          return id;
        }
      }
      if (allowed.get(END)) {
        return END;
      }
    }
    int at = random.nextInt(allowed.cardinality());
    return allowed.stream().skip(at).findFirst().orElseThrow();
  }

  private TokenGuide guide(String schema) {
    return forms.guide(form(schema, true));
  }

  private static AnswerForm form(String schema, boolean strict) {
    return AnswerForm.of(new AnswerForm.Json(Optional.of(Fixtures.JSON.readTree(schema)), strict));
  }

  /// Whether a text has a form, by its bytes.
  private static boolean fits(AnswerForm form, String text) {
    var grammar = Grammar.of(form);
    var state = grammar.start();
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      var next = grammar.next(state, Byte.toUnsignedInt(value));
      if (next == null) {
        return false;
      }
      state = next;
    }
    return state.isComplete();
  }

  @Test
  void whateverIsDrawnSatisfiesItsSchema() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var schemas = new RandomSchemas(random);
    int cut = 0;
    for (int i = 0; i < 1_000; i++) {
      JsonNode schema = schemas.next();
      var form = AnswerForm.of(new AnswerForm.Json(Optional.of(schema), true));
      Optional<String> answer;
      try {
        answer = drawn(forms.guide(form), random);
      } catch (SchemaException unsatisfiable) {
        throw new AssertionError("seed " + seed + ": " + schema, unsatisfiable);
      }
      if (answer.isEmpty()) {
        cut++;
        continue;
      }
      assertTrue(
          new Validator(schema).accepts(Fixtures.JSON.readTree(answer.get())),
          () -> "seed %d: %s does not satisfy %s".formatted(seed, answer.get(), schema));
    }
    assertTrue(cut < 200, "of 1000 answers " + cut + " were cut; seed " + seed);
  }

  @Test
  void anyObjectParses() {
    var random = new Random(3);
    var form = AnswerForm.of(new AnswerForm.Json(Optional.empty(), true));
    int whole = 0;
    for (int i = 0; i < 100; i++) {
      Optional<String> answer = drawn(forms.guide(form), random);
      if (answer.isPresent()) {
        whole++;
        assertTrue(Fixtures.JSON.readTree(answer.get()).isObject(), answer.get());
      }
    }
    assertTrue(whole > 20, "only " + whole + " answers ended");
  }

  @Test
  void jsonIsTakenAsPeopleAndProgramsWriteIt() {
    var schema =
        form(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"array\",\"items\":{\"type\":\"number\"}}},\"required\":[\"a\"]}",
            true);
    for (String text :
        List.of(
            "{\"a\":\"\",\"b\":[]}",
            "{\"a\": \"caf\\u00e9 \u00e9 \\n\", \"b\": [1, -2.5e3, 0.5]}",
            "{\n  \"a\": \"x\",\n  \"b\": [\n    1\n  ]\n}",
            "{\"a\":\"\ud83d\ude00\"}")) {
      assertTrue(fits(schema, text), text);
    }
    for (String text :
        List.of(
            "{}",
            "{\"b\":[]}",
            "{\"a\":\"x\",}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\ud83d\"}",
            "{\"a\":\"x\",\"c\":1}",
            "{\"a\":\"x\",\"b\":[01]}",
            "{\"a\":\"x\"} ",
            " {\"a\":\"x\"}")) {
      assertFalse(fits(schema, text), text);
    }
  }

  @Test
  void boundsHoldToTheLastDigit() {
    var whole = form("{\"type\":\"integer\",\"minimum\":-12,\"maximum\":105}", true);
    for (int i = -300; i < 300; i++) {
      assertEquals(i >= -12 && i <= 105, fits(whole, "" + i), "" + i);
    }
    var part =
        form("{\"type\":\"number\",\"exclusiveMinimum\":0.5,\"exclusiveMaximum\":1.25}", true);
    assertTrue(fits(part, "0.50000001") && fits(part, "1.2499") && fits(part, "1"));
    assertFalse(fits(part, "0.5") || fits(part, "1.25") || fits(part, "1.250") || fits(part, "0"));
    var near = form("{\"type\":\"number\",\"exclusiveMinimum\":9.989999999999998}", true);
    assertFalse(fits(near, "9.989999999999999"), "the same double as the bound");
    assertTrue(fits(near, "9.990000000000002"));
    var steps = form("{\"type\":\"number\",\"multipleOf\":0.25,\"minimum\":0}", true);
    assertTrue(fits(steps, "0.75") && fits(steps, "12.5") && fits(steps, "3"));
    assertFalse(fits(steps, "0.8") || fits(steps, "-0.25"));
  }

  @Test
  void formatsAreDatesAndAddressesThatExist() {
    var date = form("{\"type\":\"string\",\"format\":\"date\"}", true);
    assertTrue(
        fits(date, "\"2024-02-29\"")
            && fits(date, "\"2000-02-29\"")
            && fits(date, "\"1999-12-31\""));
    assertFalse(
        fits(date, "\"2023-02-29\"")
            || fits(date, "\"1900-02-29\"")
            || fits(date, "\"2024-04-31\""));
    assertTrue(
        fits(form("{\"type\":\"string\",\"format\":\"email\"}", true), "\"a.b@example.org\""));
    assertTrue(
        fits(form("{\"type\":\"string\",\"format\":\"duration\"}", true), "\"P1Y2M3DT4H5M6S\""));
    assertFalse(fits(form("{\"type\":\"string\",\"format\":\"ipv4\"}", true), "\"1.2.3.256\""));
  }

  @Test
  void schemasOfSeveralPartsArePutTogether() {
    var merged =
        form(
            """
            {"$ref": "#/$defs/base", "required": ["b"], "$defs": {"base": {"allOf": [
              {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3}}, "required": ["a"]},
              {"properties": {"a": {"maximum": 5}, "b": {"const": "x"}}, "additionalProperties": false}]}}}
            """,
            true);
    assertTrue(fits(merged, "{\"a\":4,\"b\":\"x\"}"));
    assertFalse(fits(merged, "{\"a\":4}") || fits(merged, "{\"a\":6,\"b\":\"x\"}"));
  }

  @Test
  void whatCannotBeKeptToIsRefusedWithItsPlace() {
    refused("{\"type\":\"object\",\"properties\":{\"a\":{\"not\":{}}}}", "#/properties/a: 'not'");
    refused("{\"type\":\"string\",\"pattern\":\"(?=a)b\"}", "looking ahead");
    refused("{\"type\":\"string\",\"pattern\":\"a{2\"}", "'{'");
    refused("{\"type\":\"string\",\"format\":\"uri\"}", "'uri'");
    refused("{\"$ref\":\"#/$defs/none\"}", "#/$defs/none");
    refused("{\"$ref\":\"#\"}", "nothing satisfies");
    refused("{\"type\":\"integer\",\"minimum\":5,\"maximum\":4}", "nothing satisfies");
    refused(
        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}",
        "nothing satisfies");
    refused("{\"type\":\"number\",\"minimum\":1e400}", "too large");
    refused("{\"type\":\"number\",\"minimum\":1e40}", "'minimum'");
    refused("{\"type\":\"list\"}", "'list'");
    AnswerForms.check(form("{\"type\":\"object\",\"not\":{},\"minProperties\":2}", false));
  }

  private static void refused(String schema, String words) {
    var refusal =
        assertThrows(SchemaException.class, () -> AnswerForms.check(form(schema, true)), schema);
    assertTrue(Fixtures.messageOf(refusal).contains(words), Fixtures.messageOf(refusal));
  }

  @Test
  void anAlternativeThatCannotEndIsLeftOut() {
    var form =
        form(
            "{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/x\"},\"minItems\":1},{\"type\":\"null\"}],\"$defs\":{\"x\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/x\"},\"minItems\":1}}}",
            true);
    assertTrue(fits(form, "null"));
    assertFalse(fits(form, "[[]]"));
    assertEquals(Optional.of("null"), drawn(forms.guide(form), new Random(1)));
  }

  @Test
  void callsAreOneAfterTheOther() {
    var parameters =
        Fixtures.JSON.readTree(
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"boolean\"}},\"required\":[\"n\"]}");
    var function = new AnswerForm.Function("f", parameters, true);
    var calls = new AnswerForm.Calls(List.of(function), 2, false);
    var one = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"n\":true}}\n</tool_call>";
    assertTrue(fits(AnswerForm.of(calls), one));
    assertTrue(fits(AnswerForm.of(calls), one + "\n" + one));
    assertFalse(fits(AnswerForm.of(calls), one + "\n" + one + "\n" + one));
    assertFalse(fits(AnswerForm.of(calls), one.replace("\"f\"", "\"g\"")));
    var either =
        new AnswerForm(
            Optional.of(new AnswerForm.Json(Optional.empty(), true)), Optional.of(calls));
    assertTrue(fits(either, "{\"a\":1}") && fits(either, one));
  }

  @Test
  void textMayStandBesideCallsThatHaveTheirForm() {
    var parameters = Fixtures.JSON.readTree("{\"type\":\"array\",\"items\":{\"const\":1}}");
    var function = new AnswerForm.Function("f", parameters, true);
    var form = AnswerForm.of(new AnswerForm.Calls(List.of(function), 1, true));
    var call = "<tool_call>\n{\"name\": \"f\", \"arguments\": [1]}\n</tool_call>";
    for (String text :
        List.of(
            "",
            "Let me see. \u00e9 \ud83d\ude00",
            call,
            "Well.\n" + call + "\n" + call + " Done.",
            "<<tool_call" + call,
            "<tool_calls><tool_", // No mark, or none yet.
            "<tool_<tool_cal")) {
      assertTrue(fits(form, text), text);
    }
    for (String text :
        List.of(
            "<tool_call>",
            "<tool_call>{}",
            "a" + call.replace("[1]", "[2]"),
            call + "<tool_<tool_call>\n{\"name\": \"g\"",
            call.replace("\n</tool_call>", ""))) {
      assertFalse(fits(form, text), text);
    }
    assertFalse(forms.guide(form).allowed().length == 0);
  }

  @Test
  void theEndIsAllowedOnlyWhereTheAnswerIsComplete() {
    TokenGuide guide = guide("{\"type\":\"array\",\"items\":{\"const\":1}}");
    assertFalse(TokenTree.isSet(guide.allowed(), END));
    var random = new Random(5);
    assertTrue(drawn(guide, random).isPresent());
    assertThrows(
        IllegalArgumentException.class,
        () -> guide.accept(TOKENIZER.encode("a", SpecialTokens.AS_TEXT)[0]));
  }

  @Test
  void aPatternThatIsEverywhereAtOnceIsStopped() {
    TokenGuide guide = guide("{\"type\":\"string\",\"pattern\":\"(a{1,500}){1,500}b\"}");
    var failure =
        assertThrows(
            IllegalStateException.class,
            () -> {
              for (int i = 0; i < 400; i++) {
                guide.allowed();
                guide.accept(TOKENIZER.encode(i == 0 ? "\"" : "a", SpecialTokens.AS_TEXT)[0]);
              }
            });
    assertTrue(Fixtures.messageOf(failure).contains("too ambiguous"));
  }
}
