package dev.luthier.engine.train.gradient;

import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.List;

/// A pack in the making: takes examples, in order, until it is full.
///
/// It is full before its rows would exceed `rowsMax`, prefixes not counted: else a long prompt
/// would leave no room for those who share it.
final class PackDraft {
  /// A shorter prefix is computed for each: chat templates begin with some tokens that are always
  /// the same, and a document more for those few rows pays for nothing.
  private static final int PREFIX_MIN = 16;

  /// Times `rowsMax` that documents with their prefixes may come to: so much memory do gradients of
  /// their keys take.
  private static final int KEYS_MAX = 8;

  private final int rowsMax;
  private final boolean sharing;
  private List<Family> families = List.of();

  PackDraft(int rowsMax, boolean sharing) {
    this.rowsMax = rowsMax;
    this.sharing = sharing;
  }

  List<Family> families() {
    return families;
  }

  boolean isEmpty() {
    return families.isEmpty();
  }

  /// Takes examples in, all of them, and says so; or leaves them out because the pack is full.
  boolean take(List<TrainingExample> group) {
    List<Family> more = families;
    for (var example : group) {
      more = with(more, example);
    }
    int own = more.stream().mapToInt(Family::ownRows).sum();
    int keys = more.stream().mapToInt(Family::rowsApart).sum();
    if (!isEmpty() && (own > rowsMax || keys > KEYS_MAX * rowsMax)) {
      return false;
    }
    families = more;
    return true;
  }

  private List<Family> with(List<Family> some, TrainingExample example) {
    var more = new ArrayList<>(some);
    int place = sharing ? familyOf(some, example) : more.size();
    if (place < more.size()) {
      more.set(place, more.get(place).with(example));
    } else {
      more.add(Family.of(example));
    }
    return more;
  }

  /// Which family it saves most rows to join, the first of equals; a new one where none does.
  private static int familyOf(List<Family> families, TrainingExample example) {
    int best = families.size();
    int most = PREFIX_MIN - 1;
    for (int i = 0; i < families.size(); i++) {
      int gain = families.get(i).gain(example);
      if (gain > most) {
        best = i;
        most = gain;
      }
    }
    return best;
  }
}
