package dev.luthier.worker;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RehearsalMainTest {
  @TempDir Path folder;

  @Test
  void aRehearsalTrainsAndAnswersWithAnyBase() throws IOException {
    Path base = TinyBase.write(folder.resolve("base"), 7);
    assertDoesNotThrow(() -> RehearsalMain.rehearse(base.toString()));
  }

  @Test
  void aRehearsalWithoutABaseFailsSoThatNothingIsArchived() {
    String missing = folder.resolve("missing").toString();
    assertThrows(IOException.class, () -> RehearsalMain.rehearse(missing));
  }
}
