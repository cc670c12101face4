package dev.luthier.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which of the units that numbers may be rounded in a processor has.
final class ProcessorClass {
  private static final List<String> UNITS =
      List.of("amx_bf16", "amx_int8", "avx512_bf16", "avx512_vnni", "avx512f", "avx2");

  private ProcessorClass() {}

  static String ofThisMachine() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return of(lines.filter(line -> line.startsWith("flags")).findFirst().orElse(""));
    } catch (IOException e) {
      return "unknown"; // Not Linux.
    }
  }

  /// @param flags as Linux lists them
  static String of(String flags) {
    Set<String> all = Set.of(flags.strip().split("\\s+", -1));
    var units = UNITS.stream().filter(all::contains).collect(Collectors.joining(" "));
    return units.isEmpty() ? "unknown" : units;
  }
}
