package dev.luthier.platform.data;

import dev.luthier.platform.data.DataReport.DataFinding;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One example of a file as training sees it, or as it stands when it cannot be used.
///
/// @param tokens in all, of which `trained` are targets and `cut` lie beyond the context
/// @param pieces the tokens' texts in order; a very long row shows its beginning
/// @param fates what happens to each piece: `context`, `trained`, `special`, `special_trained`,
///   `cut`
/// @param text the line itself, shortened; only where there are no pieces
/// @param messages as they stand in the file; of a row of two answers with the preferred one
/// @param other only of a row of two answers
public record DataRow(
    int line,
    int example,
    int tokens,
    int trained,
    int cut,
    List<String> pieces,
    List<String> fates,
    Optional<String> text,
    Optional<JsonNode> messages,
    Optional<Other> other,
    List<DataFinding> findings) {
  /// The same conversation with the answer that is not preferred, in the same words.
  public record Other(int tokens, int trained, int cut, List<String> pieces, List<String> fates) {
    public Other {
      pieces = List.copyOf(pieces);
      fates = List.copyOf(fates);
    }
  }

  public DataRow {
    pieces = List.copyOf(pieces);
    fates = List.copyOf(fates);
    findings = List.copyOf(findings);
  }
}
