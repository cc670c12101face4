package dev.luthier.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.app.config.ConfigException;
import dev.luthier.wire.internal.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerDeviceTest {
  @TempDir Path folder;
  private Path jar;
  private Path driver;

  @BeforeEach
  void files() {
    jar = folder.resolve("pytorch-1-linux-x86_64-gpu.jar");
    driver = folder.resolve("driver");
  }

  @Test
  void withoutTheJarNothingIsTried() throws IOException {
    Files.createFile(driver);
    assertEquals(cpu(), decide(DeviceChoice.AUTO, WorkerDeviceTest::never));
    assertEquals(
        cpu(),
        WorkerDevice.decide(
            DeviceChoice.AUTO, Optional.empty(), List.of(driver), WorkerDeviceTest::never));
    String refused = refused(WorkerDeviceTest::never);
    assertTrue(refused.contains("LibTorch for CUDA is not installed; README.md"), refused);
  }

  @Test
  void withoutADriverNothingIsTried() throws IOException {
    Files.createFile(jar);
    assertEquals(cpu(), decide(DeviceChoice.AUTO, WorkerDeviceTest::never));
    String refused = refused(WorkerDeviceTest::never);
    assertTrue(refused.contains("no NVIDIA driver is loaded on this machine; README.md"), refused);
  }

  @Test
  void theTrialDecides() throws IOException {
    Files.createFile(jar);
    Files.createFile(driver);
    Files.createFile(folder.resolve("another.jar"));
    var gpu = new WorkerDevice(DeviceChoice.CUDA, List.of(jar));
    assertEquals(gpu, decide(DeviceChoice.AUTO, _ -> Optional.empty()));
    assertEquals(gpu, decide(DeviceChoice.CUDA, _ -> Optional.empty()));
    assertEquals(cpu(), decide(DeviceChoice.AUTO, _ -> Optional.of("no GPU answers")));
    String refused = refused(_ -> Optional.of("no GPU answers"));
    assertTrue(refused.startsWith("device is 'cuda', but no GPU answers; "), refused);
  }

  @Test
  void cpuTriesNothing() throws IOException {
    Files.createFile(jar);
    Files.createFile(driver);
    assertEquals(cpu(), decide(DeviceChoice.CPU, WorkerDeviceTest::never));
  }

  private static Optional<String> never(List<Path> jars) {
    throw new AssertionError("the GPU was tried with " + jars);
  }

  private static WorkerDevice cpu() {
    return new WorkerDevice(DeviceChoice.CPU, List.of());
  }

  private WorkerDevice decide(DeviceChoice asked, Function<List<Path>, Optional<String>> trial) {
    return WorkerDevice.decide(asked, Optional.of(folder), List.of(driver), trial);
  }

  private String refused(Function<List<Path>, Optional<String>> trial) {
    return assertThrows(ConfigException.class, () -> decide(DeviceChoice.CUDA, trial))
        .toString()
        .substring(ConfigException.class.getName().length() + 2);
  }
}
