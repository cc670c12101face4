package dev.luthier.platform.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiExceptionTest {
  @Test
  void supportedValuesAreListedAsASentence() {
    assertEquals(
        "Invalid value: 'x'. Supported values are: 'a', 'b', and 'c'.",
        ApiException.invalidValue("purpose", "x", List.of("a", "b", "c")).text());
    assertEquals(
        "Invalid value: 'x'. Supported values are: 'a' and 'b'.",
        ApiException.invalidValue("purpose", "x", List.of("a", "b")).text());
  }

  @Test
  void aWrongKeyIsNotShownWhole() {
    String text = ApiException.incorrectKey("sk-luthier-0123456789").text();
    assertFalse(text.contains("0123456789"), text);
    assertEquals(
        "***", ApiException.incorrectKey("short").text().split(" ", -1)[4].substring(0, 3));
  }

  @Test
  void statusDecidesTheType() {
    assertEquals("invalid_request_error", ErrorCode.MODEL_NOT_FOUND.type());
    assertEquals("server_error", ErrorCode.UNAVAILABLE.type());
  }
}
