package dev.luthier.engine.train.gradient;

import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A pack in the making: takes examples, in order, until it is full.
///
/// It is full before it would exceed `rowsMax` rows. An example that shares a prefix may bring it
/// to half of that beyond the longest document, which has to fit anyway: else a long prompt would
/// leave no room for what follows it.
final class PackDraft {
  /// A shorter prefix is computed for each: chat templates begin with some tokens that are always
  /// the same, and a document more for those few rows pays for nothing.
  private static final int PREFIX_MIN = 16;

  /// Times `rowsMax` that documents with their prefixes may come to: so much memory do gradients of
  /// their keys take.
  private static final int KEYS_MAX = 8;

  private final int rowsMax;
  private final boolean sharing;
  private final List<Family> families = new ArrayList<>();
  private int rows;
  private int targets;
  private int keys;
  private int longest;

  PackDraft(int rowsMax, boolean sharing) {
    this.rowsMax = rowsMax;
    this.sharing = sharing;
  }

  List<Family> families() {
    return families;
  }

  /// The rows that are laid down.
  int rows() {
    return rows;
  }

  int targets() {
    return targets;
  }

  boolean isEmpty() {
    return families.isEmpty();
  }

  /// Takes an example in and says so, or leaves it out because the pack is full.
  boolean take(TrainingExample example) {
    int alone = Pack.rows(example);
    var family = sharing ? familyOf(example) : Optional.<Family>empty();
    int more = alone - family.map(it -> it.gain(example)).orElse(0);
    int most = family.isPresent() ? Math.max(rowsMax, longest + rowsMax / 2) : rowsMax;
    boolean full = rows + more > most || keys + alone > KEYS_MAX * rowsMax;
    if (full && !isEmpty()) {
      return false;
    }
    family.ifPresentOrElse(it -> it.join(example), () -> families.add(new Family(example)));
    rows += more;
    targets += example.targets();
    keys += alone;
    longest = Math.max(longest, alone);
    return true;
  }

  /// The family that it saves most rows to join, the first of equals.
  private Optional<Family> familyOf(TrainingExample example) {
    return families.stream()
        .filter(family -> family.gain(example) >= PREFIX_MIN)
        .max(Comparator.comparingInt(family -> family.gain(example)));
  }
}
