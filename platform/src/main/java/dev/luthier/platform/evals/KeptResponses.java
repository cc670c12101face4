package dev.luthier.platform.evals;

import dev.luthier.platform.stored.ConversationItems;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.platform.stored.StoredResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Responses that were kept, as rows of an eval.
final class KeptResponses {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PAGE = 100;

  private final ResponseService responses;

  KeptResponses(ResponseService responses) {
    this.responses = responses;
  }

  /// Newest first, at most `most`.
  List<RowReader.Row> rows(RunSource.Rows.Responses wanted, int most) {
    List<RowReader.Row> rows = new ArrayList<>();
    Optional<StoredResponse> last = Optional.empty();
    do {
      var page = responses.ended(last, PAGE);
      for (var response : page) {
        JsonNode answer = JSON.readTree(response.answer());
        if (rows.size() < most && isWanted(response, answer, wanted)) {
          rows.add(row(response, answer));
        }
      }
      last = page.stream().reduce((_, next) -> next);
    } while (rows.size() < most && last.isPresent());
    return rows;
  }

  private static boolean isWanted(
      StoredResponse response, JsonNode answer, RunSource.Rows.Responses wanted) {
    long time = response.createdAt().getEpochSecond();
    return answer.path("status").asString().equals("completed")
        && time >= wanted.createdAfter().orElse(Long.MIN_VALUE)
        && time <= wanted.createdBefore().orElse(Long.MAX_VALUE)
        && wanted.wanted().entrySet().stream()
            .allMatch(field -> same(answer.path(field.getKey()), field.getValue()))
        && wanted
            .instructions()
            .map(part -> answer.path("instructions").asString("").contains(part))
            .orElse(true)
        && (wanted.users().isEmpty() || wanted.users().contains(answer.path("user").asString("")))
        && offered(answer).containsAll(wanted.tools())
        && wanted.metadata().entrySet().stream()
            .allMatch(pair ->
                answer.path("metadata").path(pair.getKey()).asString("").equals(pair.getValue()));
  }

  private static boolean same(JsonNode has, JsonNode wanted) {
    boolean numbers = has.isNumber() && wanted.isNumber();
    return numbers ? has.asDouble() == wanted.asDouble() : has.equals(wanted);
  }

  private static List<String> offered(JsonNode answer) {
    return answer.path("tools").valueStream().map(tool -> tool.path("name").asString("")).toList();
  }

  /// What was asked is the row's `input`, as chat messages; what was answered is its sample.
  private static RowReader.Row row(StoredResponse response, JsonNode answer) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", response.id()).put("model", answer.path("model").asString());
    Optional<String> instructions =
        Optional.of(answer.path("instructions")).filter(JsonNode::isString).map(JsonNode::asString);
    item.set("input", ConversationItems.messages(JSON.readTree(response.items()), instructions));
    item.set("metadata", answer.path("metadata"));
    var said = ConversationItems.messages(answer.path("output"), Optional.empty());
    StringBuilder text = new StringBuilder();
    var calls = JsonNodeFactory.instance.arrayNode();
    for (var message : said) {
      text.append(message.path("content").asString(""));
      message.path("tool_calls").forEach(calls::add);
    }
    ObjectNode sample = JsonNodeFactory.instance.objectNode();
    sample.put("output_text", text.toString());
    sample.set("output_tools", calls);
    sample.put("model", answer.path("model").asString());
    return new RowReader.Row(item, Optional.of(sample));
  }
}
