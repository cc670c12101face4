package dev.luthier.text.grammar;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A piece of a grammar over bytes.
///
/// Parts that a grammar is built of once are the same only if they are one object; those that come
/// up while text is read ([Literal], [Repeat], [Numeral], [Properties]) are compared by value, so
/// that the same place in a text is recognised.
sealed interface Part
    permits Part.Reading, Part.Sequence, Part.Choice, Part.Repeat, Part.Rule, Properties {

  /// A part that takes a byte.
  sealed interface Reading extends Part permits Literal, Bytes, Numeral {}

  /// Exactly these bytes, each of them a character of Latin-1; at least one.
  record Literal(String bytes) implements Reading {
    static Literal of(String text) {
      return new Literal(
          new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    int first() {
      return bytes.charAt(0);
    }
  }

  /// One byte of a set: bit `b % 64` of word `b / 64`.
  record Bytes(long word0, long word1, long word2, long word3) implements Reading {
    static Bytes range(int first, int last) {
      long[] words = new long[4];
      for (int b = first; b <= last; b++) {
        words[b >> 6] |= 1L << b;
      }
      return new Bytes(words[0], words[1], words[2], words[3]);
    }

    Bytes or(Bytes other) {
      return new Bytes(
          word0 | other.word0, word1 | other.word1, word2 | other.word2, word3 | other.word3);
    }

    boolean contains(int value) {
      long word =
          switch (value >> 6) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            default -> word3;
          };
      return ((word >>> value) & 1) != 0;
    }
  }

  /// One part after the other.
  final class Sequence implements Part {
    private final List<Part> parts;

    Sequence(Part... parts) {
      this.parts = List.of(parts);
    }

    Sequence(List<Part> parts) {
      this.parts = List.copyOf(parts);
    }

    List<Part> parts() {
      return parts;
    }
  }

  /// One of several parts; none: nothing satisfies it.
  final class Choice implements Part {
    private List<Part> parts;

    Choice(Part... parts) {
      this.parts = List.of(parts);
    }

    Choice(List<? extends Part> parts) {
      this.parts = List.copyOf(parts);
    }

    List<Part> parts() {
      return parts;
    }

    void keep(Predicate<Part> wanted) {
      if (!parts.stream().allMatch(wanted)) { // what all grammars share is never written
        parts = parts.stream().filter(wanted).toList();
      }
    }
  }

  /// A part between `min` and `max` times. It must be one that can be satisfied.
  record Repeat(Part part, int min, int max) implements Part {
    static final int ENDLESS = Integer.MAX_VALUE;

    /// What follows once it has been read one more time.
    Repeat less() {
      return new Repeat(part, Math.max(0, min - 1), max == ENDLESS ? max : max - 1);
    }
  }

  /// A part under a name, which may contain itself.
  final class Rule implements Part {
    private @Nullable Part body;

    void is(Part part) {
      body = part;
    }

    Part body() {
      if (body == null) {
        throw new IllegalStateException("a rule was used before its body was known");
      }
      return body;
    }
  }
}
