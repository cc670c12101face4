package dev.luthier.engine.train.gradient;

import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.List;

/// Documents laid end to end, without padding, so that all linears see them as one matrix of N
/// rows.
///
/// A document's rows end before its last target: what comes after cannot change any loss. `target`
/// rows are those whose next token is trained on.
public final class Pack {
  /// One document's rows within the pack.
  public record Span(int start, int length) {}

  private final List<Span> documents = new ArrayList<>();
  private final int[] tokens;
  private final int[] positions;
  private final int[] targetRows;
  private final int[] targetTokens;

  private Pack(List<TrainingExample> examples) {
    int rows = examples.stream().mapToInt(Pack::rows).sum();
    int targets = examples.stream().mapToInt(TrainingExample::targets).sum();
    tokens = new int[rows];
    positions = new int[rows];
    targetRows = new int[targets];
    targetTokens = new int[targets];
    int row = 0;
    int target = 0;
    for (var example : examples) {
      int length = rows(example);
      documents.add(new Span(row, length));
      for (int t = 0; t < length; t++, row++) {
        tokens[row] = example.token(t);
        positions[row] = t;
        if (example.trained(t + 1)) {
          targetRows[target] = row;
          targetTokens[target++] = example.token(t + 1);
        }
      }
    }
  }

  /// Packs documents in order; a pack is closed before it would exceed `rowsMax`, though a document
  /// is never cut. Documents without targets are left out. What ends up together depends on the
  /// documents alone, so the bits of a run do too.
  public static List<Pack> of(List<TrainingExample> examples, int rowsMax) {
    var packs = new ArrayList<Pack>();
    var open = new ArrayList<TrainingExample>();
    int rows = 0;
    for (var example : examples) {
      if (example.targets() == 0) {
        continue;
      }
      if (!open.isEmpty() && rows + rows(example) > rowsMax) {
        packs.add(new Pack(open));
        open.clear();
        rows = 0;
      }
      open.add(example);
      rows += rows(example);
    }
    if (!open.isEmpty()) {
      packs.add(new Pack(open));
    }
    return packs;
  }

  private static int rows(TrainingExample example) {
    for (int t = example.length() - 1; t > 0; t--) {
      if (example.trained(t)) {
        return t;
      }
    }
    return 0;
  }

  public List<Span> documents() {
    return List.copyOf(documents);
  }

  /// The first row of each document, and the number of all rows.
  int[] offsets() {
    var offsets = new int[documents.size() + 1];
    for (int d = 0; d < documents.size(); d++) {
      offsets[d + 1] = documents.get(d).start() + documents.get(d).length();
    }
    return offsets;
  }

  /// The rows of the longest document.
  int longest() {
    return documents.stream().mapToInt(Span::length).max().orElse(0);
  }

  /// N, the rows of all documents.
  public int rows() {
    return tokens.length;
  }

  public int targets() {
    return targetRows.length;
  }

  int[] tokens() {
    return tokens;
  }

  int[] positions() {
    return positions;
  }

  int[] targetRows() {
    return targetRows;
  }

  int[] targetTokens() {
    return targetTokens;
  }
}
