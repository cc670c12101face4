package dev.luthier.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.app.config.ConfigLoader;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.internal.DeviceChoice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DistributionTest {
  private static final String ENGINE = "dev/luthier/engine/";
  private static final String KERNELS = ENGINE + "kernel/";

  private static final WorkerDevice PROCESSOR = new WorkerDevice(DeviceChoice.CPU, List.of());

  @TempDir Path data;

  /// The JVM goes on after an option that it cannot read, and so without it.
  @ParameterizedTest
  @EnumSource(WorkerKind.class)
  @Timeout(60)
  void theJvmUnderstandsHowKernelsAreToBeCompiled(WorkerKind kind) throws Exception {
    String said = said(options(kind));
    assertTrue(said.contains(ENGINE + "*.* double CompileThresholdScaling = 0.1"), said);
    assertEquals(
        kind == WorkerKind.TRAINER,
        said.contains(KERNELS + "*.* double CompileThresholdScaling = 0.02"),
        said);
    assertTrue(said.contains(KERNELS + "*.* bool BackgroundCompilation = false"), said);
    assertFalse(said.contains("rror"), said);
  }

  @Test
  void thatIsThePackageOfTheKernels() {
    assertNotNull(getClass().getResource("/" + KERNELS + "Brgemm.class"));
  }

  /// From folders of classes, as here, there is no archive to be named.
  @Test
  void withoutJarsThereIsNoArchive() throws Exception {
    assertEquals(
        List.of(),
        options(WorkerKind.TRAINER).stream().filter(option -> option.contains("Shared")).toList());
  }

  private List<String> options(WorkerKind kind) throws Exception {
    var config = ConfigLoader.load(Map.of(), Map.of("LUTHIER_DATA", data.toString()));
    List<String> line = Distribution.benches(config, PROCESSOR).line(kind);
    return line.subList(0, line.indexOf("-cp"));
  }

  private static String said(List<String> options) throws Exception {
    List<String> line = new ArrayList<>(options);
    assertTrue(line.remove("-XX:CompileCommand=quiet"), line.toString());
    line.add("-version");
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
