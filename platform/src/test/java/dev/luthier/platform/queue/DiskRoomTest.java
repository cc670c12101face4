package dev.luthier.platform.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskRoomTest {
  @Test
  void bothNumbersAreNamedWhereTheDiskIsTooSmall() {
    assertEquals(Optional.empty(), DiskRoom.missing("tiny", 10_000_000, 280_000_000));
    assertEquals(
        "Training all weights of tiny needs 280 MB on the disk of the data folder, which has 279 MB left; free some space, or train an adapter (weights: adapter).",
        DiskRoom.missing("tiny", 10_000_000, 279_999_999).orElseThrow().message());
  }
}
