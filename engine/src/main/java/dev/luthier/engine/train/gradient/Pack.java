package dev.luthier.engine.train.gradient;

import dev.luthier.engine.nn.Document;
import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.List;

/// Documents laid end to end, without padding, so that all linears see them as one matrix of N
/// rows.
///
/// A document's rows end before its last target: what comes after cannot change any loss. `target`
/// rows are those whose next token is trained on. Tokens that documents begin with alike may be
/// laid down once, as a document of their own that the others see as their [Document#prefix]: no
/// row knows what follows it, so what is computed for one holds for all, and only their gradients
/// are summed.
public final class Pack {
  private final List<Document> documents = new ArrayList<>();
  private final int[] tokens;
  private final int[] positions;
  private final int[] targetRows;
  private final int[] targetTokens;
  private final TrainingExample[] targetExamples;
  private int rows;
  private int targets;

  private Pack(List<Family> families) {
    int length = families.stream().mapToInt(it -> it.prefix() + it.ownRows()).sum();
    int count = families.stream().mapToInt(Family::targets).sum();
    tokens = new int[length];
    positions = new int[length];
    targetRows = new int[count];
    targetTokens = new int[count];
    targetExamples = new TrainingExample[count];
    families.forEach(this::lay);
  }

  private void lay(Family family) {
    var prefix = Document.Span.NONE;
    if (family.prefix() > 0) {
      prefix = lay(family.members().getFirst(), 0, family.prefix());
      documents.add(Document.alone(prefix));
    }
    for (var example : family.members()) {
      documents.add(new Document(prefix, lay(example, family.prefix(), rows(example))));
    }
  }

  /// Lays down an example's tokens `from` to below `to`.
  private Document.Span lay(TrainingExample example, int from, int to) {
    var span = new Document.Span(rows, to - from);
    for (int t = from; t < to; t++, rows++) {
      tokens[rows] = example.token(t);
      positions[rows] = t;
      if (example.trained(t + 1)) {
        targetRows[targets] = rows;
        targetExamples[targets] = example;
        targetTokens[targets++] = example.token(t + 1);
      }
    }
    return span;
  }

  /// Packs documents in order, each with all its tokens. A pack is closed before it would exceed
  /// `rowsMax`, though a document is never cut. Documents without targets are left out. What ends
  /// up together depends on the documents alone, so the bits of a run do too.
  public static List<Pack> of(List<TrainingExample> examples, int rowsMax) {
    return of(examples, rowsMax, false);
  }

  /// The same, where documents of a pack may share prefixes if `sharing`.
  public static List<Pack> of(List<TrainingExample> examples, int rowsMax, boolean sharing) {
    return ofGroups(examples.stream().map(List::of).toList(), rowsMax, sharing);
  }

  /// The same where documents of a group end up together: their losses are looked at as one.
  public static List<Pack> ofGroups(
      List<List<TrainingExample>> groups, int rowsMax, boolean sharing) {
    var packs = new ArrayList<Pack>();
    var draft = new PackDraft(rowsMax, sharing);
    for (var group : groups) {
      var teaching = group.stream().filter(example -> example.targets() > 0).toList();
      if (!draft.take(teaching)) {
        packs.add(new Pack(draft.families()));
        draft = new PackDraft(rowsMax, sharing);
        draft.take(teaching);
      }
    }
    if (!draft.isEmpty()) {
      packs.add(new Pack(draft.families()));
    }
    return packs;
  }

  /// The rows of an example alone: up to its last target.
  static int rows(TrainingExample example) {
    for (int t = example.length() - 1; t > 0; t--) {
      if (example.trained(t)) {
        return t;
      }
    }
    return 0;
  }

  /// In the order of their own rows, which together are all rows; a prefix before those who share
  /// it.
  public List<Document> documents() {
    return List.copyOf(documents);
  }

  /// N, the rows of all documents.
  public int rows() {
    return tokens.length;
  }

  public int targets() {
    return targetRows.length;
  }

  /// The example that a target is of: the very object that the pack was made of.
  public TrainingExample example(int target) {
    return targetExamples[target];
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
