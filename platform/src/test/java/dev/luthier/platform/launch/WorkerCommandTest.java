package dev.luthier.platform.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerCommandTest {
  private final WorkerCommand command =
      new WorkerCommand(
          Map.of(),
          Path.of("java"),
          "classes",
          Map.of(),
          Map.of(WorkerKind.TRAINER, "Trainer", WorkerKind.INFERENCE, "Inference"));

  @Test
  void threadsOfBothNativeTeamsWaitBriefly() {
    for (var kind : WorkerKind.values()) {
      var environment = command.process(kind).environment();
      assertEquals("4000", environment.get("GOMP_SPINCOUNT"), kind.text());
      assertEquals("16", environment.get("OPENBLAS_THREAD_TIMEOUT"), kind.text());
    }
  }
}
