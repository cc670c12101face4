package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `luthier tune` alone, with no server running: one command from a file to two answers side by
/// side.
final class TuneCommandTest {

  @TempDir Path folder;

  @Test
  void tuneStartsItsOwnServerAndShowsBothAnswers() throws Exception {
    var data = folder.resolve("data");
    Luthier.haveBase(data);
    var process =
        Luthier.program(
                data,
                List.of(
                    "tune",
                    LessonTest.ROWS.toString(),
                    "--data",
                    data.toString(),
                    "--epochs",
                    "2",
                    "--ask",
                    "Tell me about the oak"))
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains("ft:smollm2-135m-instruct:personal::"), output);
    assertTrue(output.contains("20/20"), output);
    assertTrue(ProcessHandle.allProcesses().noneMatch(handle -> servesFrom(handle, data)), output);
  }

  private static boolean servesFrom(ProcessHandle handle, Path data) {
    return handle.info().commandLine().orElse("").contains(data.toString());
  }
}
