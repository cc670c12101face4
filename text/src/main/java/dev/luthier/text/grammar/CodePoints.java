package dev.luthier.text.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A set of Unicode characters, without surrogates: ranges in order, apart from each other.
record CodePoints(List<Range> ranges) {
  /// From `first` to `last`, both in it.
  record Range(int first, int last) {}

  static final CodePoints ALL = of(0, Character.MAX_CODE_POINT);

  CodePoints {
    ranges = joined(ranges);
  }

  static CodePoints of(int first, int last) {
    return new CodePoints(List.of(new Range(first, last)));
  }

  static CodePoints of(int only) {
    return of(only, only);
  }

  static CodePoints of(String each) {
    return new CodePoints(each.codePoints().mapToObj(c -> new Range(c, c)).toList());
  }

  CodePoints or(CodePoints other) {
    return new CodePoints(Stream.concat(ranges.stream(), other.ranges.stream()).toList());
  }

  CodePoints negated() {
    List<Range> gaps = new ArrayList<>();
    int next = 0;
    for (Range range : ranges) {
      if (next < range.first()) {
        gaps.add(new Range(next, range.first() - 1));
      }
      next = range.last() + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      gaps.add(new Range(next, Character.MAX_CODE_POINT));
    }
    return new CodePoints(gaps);
  }

  boolean contains(int c) {
    return ranges.stream().anyMatch(range -> range.first() <= c && c <= range.last());
  }

  /// What lies between two characters.
  CodePoints within(int first, int last) {
    return new CodePoints(
        ranges.stream()
            .filter(range -> range.first() <= last && range.last() >= first)
            .map(range -> new Range(Math.max(range.first(), first), Math.min(range.last(), last)))
            .toList());
  }

  private static List<Range> joined(List<Range> ranges) {
    List<Range> sorted =
        ranges.stream()
            .flatMap(CodePoints::withoutSurrogates)
            .sorted(Comparator.comparingInt(Range::first))
            .toList();
    List<Range> joined = new ArrayList<>();
    for (Range range : sorted) {
      if (!joined.isEmpty() && range.first() <= joined.getLast().last() + 1) {
        Range before = joined.removeLast();
        joined.add(new Range(before.first(), Math.max(before.last(), range.last())));
      } else {
        joined.add(range);
      }
    }
    return List.copyOf(joined);
  }

  private static Stream<Range> withoutSurrogates(Range range) {
    return Stream.of(
            new Range(range.first(), Math.min(range.last(), Character.MIN_SURROGATE - 1)),
            new Range(Math.max(range.first(), Character.MAX_SURROGATE + 1), range.last()))
        .filter(each -> each.first() <= each.last());
  }
}
