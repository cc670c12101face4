package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.PrintStream;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Lists that come in pages, and the options that say which one.
final class Pages {
  @Option(names = "--limit", paramLabel = "N", description = "how many at most")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--after",
      paramLabel = "ID",
      description = "only what is older than the one of this id")
  private Optional<String> after = Optional.empty();

  /// The query of the page that was asked for.
  ///
  /// @param usual how many when nobody said
  String query(int usual) {
    return query(limit.orElse(usual), after.orElse(""));
  }

  static String query(int limit, String after) {
    return "?limit=" + limit + (after.isEmpty() ? "" : "&after=" + ApiClient.part(after));
  }

  static void sayMore(PrintStream out, JsonNode page) {
    JsonNode data = page.path("data");
    if (page.path("has_more").asBoolean(false) && !data.isEmpty()) {
      out.println("More: --after " + data.get(data.size() - 1).path("id").asString());
    }
  }
}
