package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.PrintStream;
import tools.jackson.databind.JsonNode;

/// Lists that come in pages.
final class Pages {
  private Pages() {}

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
