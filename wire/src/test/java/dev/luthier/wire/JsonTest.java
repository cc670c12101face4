package dev.luthier.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonTest {

  record Sample(String zName, int stepCount, boolean done, Optional<String> note) {}

  record Nested(List<Integer> values, List<Integer> none, Sample inner) {}

  @Test
  void keysAreSnakeCaseAndInTheOrderOfTheRecord() {
    assertEquals(
        "{\"z_name\":\"a\",\"step_count\":3,\"done\":true,\"note\":null}",
        Json.text(new Sample("a", 3, true, Optional.empty())));
  }

  @Test
  void whatWasWrittenIsReadBack() {
    var sample = new Sample("é", 3, false, Optional.of("x"));
    assertEquals(sample, Json.read(Json.bytes(sample), Sample.class));
  }

  @Test
  void prettyTextIsIndentedByTwoSpacesAndArraysStandBelowEachOther() {
    var nested = new Nested(List.of(1, 2), List.of(), new Sample("a", 1, true, Optional.empty()));
    assertEquals(
        """
        {
          "values": [
            1,
            2
          ],
          "none": [],
          "inner": {
            "z_name": "a",
            "step_count": 1,
            "done": true,
            "note": null
          }
        }\
        """,
        new String(Json.prettyBytes(nested), UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"z_name\":5,\"step_count\":1,\"done\":true,\"note\":null}",
        "{\"z_name\":true,\"step_count\":1,\"done\":true,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":\"1\",\"done\":true,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":1.5,\"done\":true,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":null,\"done\":true,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":1,\"done\":1,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":1,\"done\":true,\"note\":null,\"other\":1}",
        "{\"z_name\":\"a\",\"z_name\":\"b\",\"step_count\":1,\"done\":true,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":1,\"done\":true,\"note\":null} x",
      })
  void whatIsNotExactlyTheRecordIsRefused(String json) {
    assertThrows(JacksonException.class, () -> Json.read(json, Sample.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"z_name\":\"a\",\"done\":true,\"note\":null}",
        "{\"z_name\":\"a\",\"step_count\":null,\"done\":true,\"note\":null}",
      })
  void missingOrNullNumberIsRefusedByName(String json) {
    var refused = assertThrows(JacksonException.class, () -> Json.read(json, Sample.class));
    assertTrue(String.valueOf(refused.getMessage()).contains("step_count"));
  }

  @Test
  void nullIsReadAsAnEmptyOptionalAndAsNothingElse() {
    var read =
        Json.read("{\"z_name\":\"a\",\"step_count\":1,\"done\":true,\"note\":null}", Sample.class);
    assertEquals(Optional.empty(), read.note());
    assertThrows(
        JacksonException.class,
        () ->
            Json.read(
                "{\"z_name\":null,\"step_count\":1,\"done\":true,\"note\":null}", Sample.class));
  }
}
