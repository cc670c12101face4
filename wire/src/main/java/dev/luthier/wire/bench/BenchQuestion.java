package dev.luthier.wire.bench;

import dev.luthier.wire.internal.GradeRequest;
import java.util.Objects;

/// A line that a measuring process writes before its report when it needs answers judged; the next
/// line that it reads is a `GradeAnswer`.
public record BenchQuestion(GradeRequest grade) {
  public BenchQuestion {
    Objects.requireNonNull(grade, "grade");
  }
}
