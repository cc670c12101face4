package dev.luthier.http.api;

import java.util.HashMap;
import java.util.Map;

/// The ids of one completion's calls: the same in its chunks and in what is stored of it. Belongs
/// to one thread.
final class CallIds {
  private record Place(int answer, int call) {}

  private final AnswerIds ids;
  private final Map<Place, String> drawn = new HashMap<>();

  CallIds(AnswerIds ids) {
    this.ids = ids;
  }

  /// @param call its number in the answer, from 0
  String of(int answer, int call) {
    return drawn.computeIfAbsent(new Place(answer, call), _ -> ids.draw("call_"));
  }
}
