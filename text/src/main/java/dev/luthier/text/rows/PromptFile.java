package dev.luthier.text.rows;

import dev.luthier.text.rows.JsonLines.JsonLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A file of reinforcement examples, one JSON object a line: `messages` that end with the user's,
/// and any other keys. Blank lines are no rows.
public final class PromptFile {
  /// The longest line: a grader gets it whole.
  public static final int LINE_BYTES_MAX = 256 << 10;

  private static final int FINDINGS_MAX = 100;
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private PromptFile() {}

  /// What is to be said about the file.
  ///
  /// @param errors sentences that name the example, a hundred at most
  /// @param furtherErrors how many there are beyond that
  /// @param keys all keys that any good row has
  public record Report(int examples, List<String> errors, int furtherErrors, Set<String> keys) {
    public Report {
      errors = List.copyOf(errors);
      keys = Set.copyOf(keys);
    }
  }

  /// Checks every row.
  ///
  /// @param further says what else is wrong with a row that is good in form
  public static Report check(Path file, Function<PromptRow, Optional<String>> further)
      throws IOException {
    var errors = new ArrayList<String>();
    var keys = new TreeSet<String>();
    int examples = 0;
    int wrong = 0;
    try (var lines = new JsonLines(file, LINE_BYTES_MAX)) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        examples++;
        var row = row(line.get());
        Optional<String> fault = fault(line.get());
        if (fault.isEmpty()) {
          keys.addAll(row.item().propertyNames());
          fault = further.apply(row);
        }
        if (fault.isPresent() && wrong++ < FINDINGS_MAX) {
          errors.add("Example " + examples + fault.get());
        }
      }
    }
    return new Report(examples, errors, wrong - errors.size(), keys);
  }

  /// The rows of a file that passed the check.
  ///
  /// @throws IllegalStateException if one does not after all
  public static List<PromptRow> read(Path file) throws IOException {
    var all = new ArrayList<PromptRow>();
    try (var lines = new JsonLines(file, LINE_BYTES_MAX)) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        Optional<String> fault = fault(line.get());
        if (fault.isPresent()) {
          throw new IllegalStateException("Example " + (all.size() + 1) + fault.get());
        }
        all.add(row(line.get()));
      }
    }
    return all;
  }

  private static Optional<String> fault(JsonLine line) {
    return line.value().isEmpty() ? Optional.of(line.fault()) : form(line.value().get());
  }

  private static PromptRow row(JsonLine line) {
    return new PromptRow(line.number(), line.value().orElseGet(MissingNode::getInstance));
  }

  private static Optional<String> form(JsonNode item) {
    if (!item.isObject()) {
      return Optional.of(" is not a JSON object");
    }
    JsonNode messages = item.path("messages");
    if (!item.has("messages")) {
      return Optional.of(" is missing key 'messages'.");
    }
    if (!messages.isArray() || messages.isEmpty()) {
      return Optional.of(", messages value is not a list of at least one message");
    }
    for (int m = 0; m < messages.size(); m++) {
      Optional<String> wrong = message(messages.get(m));
      if (wrong.isPresent()) {
        return Optional.of(", message " + (m + 1) + wrong.get());
      }
    }
    if (!messages.get(messages.size() - 1).path("role").asString("").equals("user")) {
      return Optional.of(" last message is not from the user: the model is to answer it");
    }
    return item.has("tools") && !item.path("tools").isArray() && !item.path("tools").isNull()
        ? Optional.of(", tools value is not a valid list")
        : Optional.empty();
  }

  private static Optional<String> message(JsonNode message) {
    if (!message.isObject()) {
      return Optional.of(" value is not a valid dict");
    }
    if (!ROLES.contains(message.path("role").asString(""))) {
      return Optional.of(
          " role: must be one of %s, but is %s"
              .formatted(new TreeSet<>(ROLES), message.path("role")));
    }
    JsonNode content = message.path("content");
    boolean called = message.path("tool_calls").isArray();
    boolean text =
        content.isString()
            || (content.isArray()
                && content.valueStream().allMatch(part -> part.path("text").isString()));
    return text || called ? Optional.empty() : Optional.of(" content: text expected");
  }
}
