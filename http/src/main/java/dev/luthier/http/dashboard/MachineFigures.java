package dev.luthier.http.dashboard;

import com.sun.management.OperatingSystemMXBean;
import dev.luthier.http.Answers;
import io.javalin.http.Context;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What the machine has and how much of it is in use, by all of its programs.
public final class MachineFigures {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+([0-9]{1,15}) kB");

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /// @param load from 0 to 1, of all cores; empty until two looks have been taken
  private record Figures(
      int cores, Optional<Double> load, long memoryBytes, long memoryUsedBytes) {}

  void get(Context context) {
    double load = system.getCpuLoad();
    long all = system.getTotalMemorySize();
    long free = available().orElseGet(system::getFreeMemorySize);
    Answers.compact(
        context,
        new Figures(
            system.getAvailableProcessors(),
            load >= 0 ? Optional.of(load) : Optional.empty(),
            all,
            Math.max(0, all - free)));
  }

  /// What programs could still get, caches included; "free" memory leaves those out.
  private static OptionalLong available() {
    try {
      var found = AVAILABLE.matcher(Files.readString(MEMORY));
      return found.find()
          ? OptionalLong.of(Long.parseLong(found.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException notThisSystem) {
      return OptionalLong.empty();
    }
  }
}
