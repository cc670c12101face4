package dev.luthier.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ChatMessagesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role":"user","content":"a","name":"Ann"} | {"role":"user","content":"a","name":"Ann"}
          {"role":"developer","content":"a"} | {"role":"system","content":"a"}
          {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]} | {"role":"user","content":"a\\nb"}
          {"role":"assistant","content":null,"refusal":null,"weight":1} | {"role":"assistant","content":""}
          {"role":"assistant","content":"a","tool_calls":[]} | {"role":"assistant","content":"a"}
          {"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\\"x\\": [1, \\"é\\"]}"}}]} | {"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{"x":[1,"é"]}}}]}
          {"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":""}}]} | {"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{}}}]}
          {"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{oops"}}]} | {"role":"assistant","content":"","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{oops"}}]}
          {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\\"x\\":1}"}} | {"role":"assistant","content":"","tool_calls":[{"type":"function","function":{"name":"f","arguments":{"x":1}}}]}
          {"role":"tool","content":"21","tool_call_id":"1"} | {"role":"tool","content":"21","tool_call_id":"1"}
          {"role":"function","content":"21","name":"f"} | {"role":"tool","content":"21","name":"f"}
          """)
  void everySpellingBecomesTheOneOfTemplates(String given, String normal) {
    JsonNode messages = Fixtures.JSON.readTree("[" + given + "]");
    JsonNode before = messages.deepCopy();
    assertEquals(Fixtures.JSON.readTree(normal), ChatMessages.normalise(messages).get(0));
    assertEquals(before, messages, "the given messages stay as they are");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"content":"a"} | message 2 has no role
          {"role":"user","content":5} | content of message 2 must be a string or a list of parts
          {"role":"user","content":[{"type":"image_url"}]} | message 2 has a content part of type 'image_url', but this model reads text only
          {"role":"assistant","tool_calls":[{"function":{}}]} | message 2 calls a function without a name
          """)
  void whatNoTemplateCouldTakeIsRefusedWithItsPlace(String given, String message) {
    JsonNode messages =
        Fixtures.JSON.readTree("[{\"role\":\"user\",\"content\":\"a\"}," + given + "]");
    var error = assertThrows(MessagesException.class, () -> ChatMessages.normalise(messages));
    assertEquals(1, error.index());
    assertEquals(message, error.getMessage());
  }

  @Test
  void noMessagesAreRefused() {
    for (String json : new String[] {"[]", "{}", "null"}) {
      var error =
          assertThrows(
              MessagesException.class, () -> ChatMessages.normalise(Fixtures.JSON.readTree(json)));
      assertEquals("messages must be a list of at least one message", error.getMessage());
    }
  }
}
