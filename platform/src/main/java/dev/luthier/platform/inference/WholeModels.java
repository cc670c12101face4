package dev.luthier.platform.inference;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How many processes fine-tunes with weights of their own may have: each is as large as a base's,
/// and anyone may train another.
final class WholeModels {
  static final int MOST = 3;

  /// Processes end when nobody has asked them for so long.
  private static final Duration IDLE = Duration.ofMinutes(10);

  /// One that nobody has asked for this long ends for a newcomer.
  private static final Duration YIELDS = Duration.ofMinutes(1);

  private WholeModels() {}

  static boolean isIdle(Place place, Instant now) {
    return place.isWholeModel() && place.idle(now).compareTo(IDLE) > 0;
  }

  /// Whether another may start, perhaps in place of one.
  sealed interface Room {
    record Free() implements Room {}

    record InPlaceOf(Place quietest) implements Room {}

    record None() implements Room {}
  }

  static Room room(Collection<Place> places, Instant now) {
    List<Place> running = places.stream().filter(Place::isWholeModel).toList();
    if (running.size() < MOST) {
      return new Room.Free();
    }
    Optional<Place> quietest = running.stream().min(Comparator.comparing(place -> place.lastAsked));
    return quietest
        .filter(place -> place.idle(now).compareTo(YIELDS) >= 0)
        .<Room>map(Room.InPlaceOf::new)
        .orElse(new Room.None());
  }
}
