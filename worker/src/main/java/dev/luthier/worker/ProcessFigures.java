package dev.luthier.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the system knows of this process.
public final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+) kB");
  private static final double SECOND_MILLIS = 1000.0;

  private ProcessFigures() {}

  /// The most memory that this process has held, pages of mapped files included; 0 where the system
  /// does not tell (it is not Linux).
  public static long peakRssBytes() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    Matcher peak = PEAK.matcher(Files.readString(STATUS));
    return peak.find() ? 1024 * Long.parseLong(peak.group(1)) : 0;
  }

  /// Since this process was started, the start of the virtual machine included.
  public static double seconds(Clock clock) {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, clock.instant()).toMillis() / SECOND_MILLIS)
        .orElse(0.0);
  }
}
