package dev.luthier.engine.train.gradient;

import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.List;

/// Examples of a pack that begin with the same tokens, whose rows are laid down once.
///
/// Rows of targets are never shared, nor are rows behind the first of them: what follows a prefix
/// is each member's own, and a target has one row.
///
/// @param common the rows that all members can share; of one, those that it could share with others
record Family(List<TrainingExample> members, int common) {
  static Family of(TrainingExample first) {
    return new Family(List.of(first), shareable(first));
  }

  /// The rows before that of the first target.
  private static int shareable(TrainingExample example) {
    int t = 1;
    while (!example.trained(t)) {
      t++;
    }
    return t - 1;
  }

  Family with(TrainingExample example) {
    var more = new ArrayList<>(members);
    more.add(example);
    return new Family(more, commonWith(example));
  }

  /// The rows that are laid down once.
  int prefix() {
    return members.size() == 1 ? 0 : common;
  }

  /// The rows that members have behind the prefix.
  int ownRows() {
    return rowsApart() - members.size() * prefix();
  }

  /// The rows that members would have if nothing were shared.
  int rowsApart() {
    return members.stream().mapToInt(Pack::rows).sum();
  }

  int targets() {
    return members.stream().mapToInt(TrainingExample::targets).sum();
  }

  /// The rows that are saved if `example` joins. Negative where members lose more, because they
  /// share more with one another, than the newcomer brings.
  int gain(TrainingExample example) {
    int left = commonWith(example);
    return left - (members.size() - 1) * (common - left);
  }

  private int commonWith(TrainingExample example) {
    var first = members.getFirst();
    int most = Math.min(common, shareable(example));
    int t = 0;
    while (t < most && first.token(t) == example.token(t)) {
      t++;
    }
    return t;
  }
}
