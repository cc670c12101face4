package dev.luthier.http.api;

import java.util.List;

/// docs/compatibility.md: for each operation of OpenAI's description whether ours is the same,
/// differs, or is not there.
final class Compatibility {
  private Compatibility() {}

  static String table(List<String> operations, Deviations deviations) {
    var offered = operations.stream().filter(deviations.offered()::contains).toList();
    var table = new StringBuilder(head(offered.size(), operations.size()));
    table.append("## Offered\n\n| operation | here | how |\n|---|---|---|\n");
    for (var operation : offered) {
      var differences = deviations.of(operation);
      table.append(
          "| `%s` | %s | %s |\n"
              .formatted(
                  operation,
                  differences.isEmpty() ? "same" : "differs",
                  String.join(" ", differences)));
    }
    table.append("\n## Not offered\n\n| operation | why |\n|---|---|\n");
    operations.stream()
        .filter(operation -> !offered.contains(operation))
        .forEach(operation ->
            table.append(
                "| `%s` | %s |\n".formatted(operation, deviations.absence(operation).orElse("?"))));
    return table.toString();
  }

  private static String head(int offered, int all) {
    return """
    # Compatibility with OpenAI's API

    Written by `ContractTest`, which walks every operation that is offered on the real server and judges each answer by OpenAI's
    description (2026-08), cut down to those operations. Where an answer differs, a reviewed list of deviations says so, and so does this
    table. *Same* means that answers hold to the schemas as OpenAI wrote them. The server serves the description, with the deviations in
    it, at `/openapi.yaml`.

    %d of OpenAI's %d operations are offered.

    """
        .formatted(offered, all);
  }
}
