package dev.luthier.text.rows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Where something stands in a JSON text: the way there from its root.
///
/// @param parent empty at the root
/// @param key the member's name; empty for an element of an array
/// @param index the element, from 0
/// @param name whether the key itself is meant, not its value
record Place(Optional<Place> parent, String key, int index, boolean name) {
  static final Place ROOT = new Place(Optional.empty(), "", -1, false);

  Place member(String member) {
    return new Place(Optional.of(this), member, -1, false);
  }

  /// The key of a member, where the key is what is wrong.
  Place nameOf(String member) {
    return new Place(Optional.of(this), member, -1, true);
  }

  Place element(int element) {
    return new Place(Optional.of(this), "", element, false);
  }

  boolean isElement() {
    return index >= 0;
  }

  /// The steps from the root, which is none of them.
  Iterable<Place> steps() {
    Deque<Place> steps = new ArrayDeque<>();
    Optional<Place> at = Optional.of(this);
    while (at.isPresent() && at.get().parent().isPresent()) {
      steps.push(at.get());
      at = at.get().parent();
    }
    return steps;
  }
}
