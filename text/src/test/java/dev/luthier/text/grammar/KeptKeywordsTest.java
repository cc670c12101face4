package dev.luthier.text.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Words of JSON Schema that are kept to in the cases in which that can be done.
@Timeout(60)
class KeptKeywordsTest {
  private static AnswerForm form(String schema, boolean strict) {
    return AnswerForm.of(new AnswerForm.Json(Optional.of(Fixtures.JSON.readTree(schema)), strict));
  }

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

  /// Which of some texts a strict schema takes; the judge of the random schemas agrees.
  private static List<String> taken(String schema, String... texts) {
    var form = form(schema, true);
    var judge = new Validator(Fixtures.JSON.readTree(schema));
    return List.of(texts).stream()
        .filter(text -> fits(form, text))
        .peek(text -> assertTrue(judge.accepts(Fixtures.JSON.readTree(text)), text))
        .toList();
  }

  /// Where 'strict' is not true, the word is left out.
  private static void refused(String schema, String words) {
    said(schema, words);
    AnswerForms.check(form(schema, false));
  }

  private static void said(String schema, String words) {
    var refusal =
        assertThrows(SchemaException.class, () -> AnswerForms.check(form(schema, true)), schema);
    assertTrue(Fixtures.messageOf(refusal).contains(words), Fixtures.messageOf(refusal));
  }

  @Test
  void aPatternAndALengthHoldTogether() {
    var word = "{\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"minLength\":2,\"maxLength\":3}";
    assertEquals(
        List.of("\"ab\"", "\"abc\""),
        taken(word, "\"a\"", "\"ab\"", "\"abc\"", "\"abcd\"", "\"a1\""));
    var search = "{\"type\":\"string\",\"pattern\":\"b|x$\",\"minLength\":3,\"maxLength\":4}";
    assertEquals(
        List.of("\"aab\"", "\"b\\\"\u00e9\"", "\"aaax\""),
        taken(search, "\"aab\"", "\"b\\\"\u00e9\"", "\"aaax\"", "\"aax1\"", "\"b\"", "\"bbbbb\""));
    var least = "{\"type\":\"string\",\"pattern\":\"^(ab)*c?$\",\"minLength\":4}";
    assertEquals(
        List.of("\"abab\"", "\"ababc\"", "\"ababababab\""),
        taken(least, "\"\"", "\"abc\"", "\"abab\"", "\"ababc\"", "\"ababababab\"", "\"abababa\""));
    var day = "{\"type\":\"string\",\"format\":\"date\",\"maxLength\":10}";
    assertEquals(List.of("\"2024-02-29\""), taken(day, "\"2024-02-29\"", "\"2024-02-30\""));
    AnswerForms.check(
        form("{\"type\":\"string\",\"pattern\":\"^\\\\w*$\",\"maxLength\":100000}", true));
  }

  @Test
  void aBeginningThatCannotEndWithinTheLengthIsNotTaken() {
    var form = form("{\"type\":\"string\",\"pattern\":\"^(abcd|a*z)$\",\"maxLength\":3}", true);
    var grammar = Grammar.of(form);
    var state = grammar.start();
    for (char c : "\"a".toCharArray()) {
      var next = grammar.next(state, c);
      assertTrue(next != null, "at " + c);
      state = next;
    }
    assertTrue(grammar.next(state, 'b') == null, "'abcd' is too long");
    assertTrue(grammar.next(state, 'z') != null);
    said("{\"type\":\"string\",\"pattern\":\"^abcd$\",\"maxLength\":3}", "nothing satisfies");
  }

  @Test
  void alternativesOfWhichOneHoldsAreTakenWhereNoTwoCan() {
    var shapes =
        """
        {"oneOf":[{"$ref":"#/$defs/circle"},{"$ref":"#/$defs/square"},{"type":"null"},{"const":"none"}],
         "$defs":{
          "circle":{"type":"object","properties":{"kind":{"const":"circle"},"r":{"type":"integer"}},
            "required":["kind","r"],"additionalProperties":false},
          "square":{"type":"object","properties":{"kind":{"const":"square"},"a":{"type":"integer"}},
            "required":["kind","a"],"additionalProperties":false}}}
        """;
    var circle = "{\"kind\":\"circle\",\"r\":1}";
    assertEquals(
        List.of(circle, "null", "\"none\""),
        taken(shapes, circle, "null", "\"none\"", "{\"kind\":\"square\",\"r\":1}"));
    var closed =
        """
        {"oneOf":[{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false},
          {"type":"object","properties":{"b":{"type":"integer"}},"required":["b"],"additionalProperties":false}]}
        """;
    assertEquals(List.of("{\"b\":1}"), taken(closed, "{\"b\":1}", "{\"a\":1,\"b\":1}", "{}"));
    refused("{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}", "'oneOf'");
    refused("{\"oneOf\":[{\"minimum\":1},{\"maximum\":5}]}", "'oneOf'");
    refused(
        "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},"
            + "{\"type\":\"object\",\"properties\":{\"b\":{\"const\":2}},\"required\":[\"b\"]}]}",
        "'oneOf'");
  }

  @Test
  void labelsThatDifferFromEachOther() {
    var labels =
        "{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\",1]},\"uniqueItems\":true,\"minItems\":1,\"maxItems\":2}";
    assertEquals(
        List.of("[\"a\"]", "[1,\"a\"]", "[\"b\", \"a\"]"),
        taken(labels, "[]", "[\"a\"]", "[1,\"a\"]", "[\"b\", \"a\"]", "[1,1]", "[\"a\",\"b\",1]"));
    said(
        "{\"type\":\"array\",\"items\":{\"enum\":[1,2]},\"uniqueItems\":true,\"minItems\":3}",
        "nothing satisfies");
    refused("{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueItems\":true}", "'unique");
  }

  @Test
  void theFirstItemsMayBeOfTheirOwnKinds() {
    var pair =
        "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"boolean\"}],\"minItems\":2,\"maxItems\":2}";
    assertEquals(
        List.of("[1,true]"), taken(pair, "[1,true]", "[1]", "[true,1]", "[1,true,1]", "[]"));
    var more =
        "{\"prefixItems\":[{\"type\":\"integer\"}],\"items\":{\"type\":\"null\"},\"maxItems\":3}";
    assertEquals(
        List.of("[]", "[1]", "[1,null]", "[1, null,\nnull]"),
        taken(more, "[]", "[1]", "[1,null]", "[1, null,\nnull]", "[null]", "[1,null,null,null]"));
    var none = "{\"prefixItems\":[{\"type\":\"integer\"}],\"items\":false,\"minItems\":1}";
    assertEquals(List.of("[1]"), taken(none, "[]", "[1]", "[1,1]"));
    var least = "{\"prefixItems\":[{\"type\":\"integer\"}],\"minItems\":3}";
    assertEquals(List.of("[1,2,{}]"), taken(least, "[1]", "[1,2]", "[1,2,{}]"));
  }

  @Test
  void keysMayHaveAPatternOrANumber() {
    var years =
        "{\"type\":\"object\",\"patternProperties\":{\"^\\\\d{4}$\":{\"type\":\"integer\"}},\"additionalProperties\":false,\"minProperties\":1}";
    assertEquals(
        List.of("{\"1999\":1}", "{\"1999\":1,\"2001\":2}"),
        taken(years, "{}", "{\"1999\":1}", "{\"1999\":1,\"2001\":2}", "{\"199\":1}"));
    var names =
        "{\"type\":\"object\",\"propertyNames\":{\"enum\":[\"a\",\"b\"]},\"additionalProperties\":{\"type\":\"null\"},\"maxProperties\":1}";
    assertEquals(
        List.of("{}", "{\"b\":null}"),
        taken(names, "{}", "{\"b\":null}", "{\"c\":null}", "{\"a\":null,\"b\":null}"));
    refused("{\"type\":\"object\",\"minProperties\":2}", "'minProperties'");
    refused(
        "{\"type\":\"object\",\"properties\":{\"a\":{}},\"minProperties\":1}", "'minProperties'");
    assertEquals(
        List.of("{\"a\":null}"),
        taken(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"null\"}},\"required\":[\"a\"],\"minProperties\":1,\"maxProperties\":1}",
            "{\"a\":null}",
            "{}"));
    assertFalse(fits(form(names, true), "{\"c\":null}"));
  }
}
