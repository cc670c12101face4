package dev.luthier.app.pace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a machine is called when its speed is remembered.
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  private Machine() {}

  /// Its kind of processor and how many cores this program has of it.
  static String name() {
    int cores = Runtime.getRuntime().availableProcessors();
    return processor() + ", " + cores + " cores, " + System.getProperty("os.arch", "");
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith(MODEL))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("processor unknown");
    } catch (IOException _) {
      return "processor unknown";
    }
  }
}
