package dev.luthier.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// How long tests wait for what is computed: longer where the processor has no matrix units, on
/// which jobs train several times as fast.
final class Patience {
  /// Whether the processor has matrix units.
  static final boolean QUICK = hasMatrixUnits();

  private static final int FACTOR = QUICK ? 1 : 5;

  private Patience() {}

  private static boolean hasMatrixUnits() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo")).contains(" amx_bf16");
    } catch (IOException e) {
      throw new UncheckedIOException("the processor's flags cannot be read", e);
    }
  }

  static double millis(double quick) {
    return quick * FACTOR;
  }

  static long seconds(long quick) {
    return quick * FACTOR;
  }

  static Duration of(Duration quick) {
    return quick.multipliedBy(FACTOR);
  }

  /// For tests that train for minutes where others train for seconds; `.ci/no-skips` knows the
  /// words.
  static void trainsQuickly() {
    assumeTrue(QUICK, "the processor has no matrix units");
  }
}
