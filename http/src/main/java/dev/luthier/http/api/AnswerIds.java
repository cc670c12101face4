package dev.luthier.http.api;

import java.util.random.RandomGenerator;

/// Draws the ids of answers. They are not kept, so they need only differ.
public final class AnswerIds {

  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 29;

  private final RandomGenerator random;

  /// @param random safe for many threads
  public AnswerIds(RandomGenerator random) {
    this.random = random;
  }

  String draw(String prefix) {
    var id = new StringBuilder(prefix);
    for (int i = 0; i < LENGTH; i++) {
      id.append(BASE62.charAt(random.nextInt(BASE62.length())));
    }
    return id.toString();
  }
}
