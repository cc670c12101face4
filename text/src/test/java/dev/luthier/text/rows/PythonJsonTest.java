package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Against Python's `json`; see `make_json_fixture.py`.
class PythonJsonTest {
  @Test
  void readsAndRefusesWhatPythonDoesInItsWords() {
    int errors = 0;
    for (JsonNode golden : Fixtures.json("python-json-golden.json")) {
      String line = golden.path("line").asString();
      if (golden.has("error")) {
        var error =
            assertThrows(PythonJsonException.class, () -> PythonJson.parse(line), golden::toString);
        assertEquals(golden.path("error").asString(), error.words(), golden::toString);
        errors++;
      } else if (golden.path("value").asString().equals("not finite")) {
        PythonJson.parse(line);
      } else {
        JsonNode expected = Fixtures.JSON.readTree(golden.path("value").asString());
        assertEquals(expected, PythonJson.parse(line), golden::toString);
      }
    }
    assertTrue(errors > 300, errors + " broken lines");
  }

  @Test
  void deepNestingIsAnErrorAndNoOverflow() {
    for (String open : List.of("[", "{\"a\":")) {
      var error =
          assertThrows(
              PythonJsonException.class, () -> PythonJson.parse(open.repeat(200_000)), open);
      assertTrue(error.words().startsWith("More than 900 levels of nesting: line 1 column "));
    }
  }

  @Test
  void anIntegerOfThousandsOfDigitsIsAnErrorAndNoQuadraticTime() {
    var error =
        assertThrows(
            PythonJsonException.class, () -> PythonJson.parse("[" + "7".repeat(1_000_000) + "]"));
    assertEquals("Integer of more than 4300 digits: line 1 column 2 (char 1)", error.words());
  }
}
