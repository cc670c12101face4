package dev.luthier.platform.inference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.launch.LaunchId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WholeModelsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private static Place place(String id) {
    return new Place(id, LaunchId.inference(id, "x"), NOW);
  }

  @Test
  void aFineTunesProcessIsIdleWhenNobodyAsksAndABasesNeverIs() {
    Instant later = NOW.plus(Duration.ofMinutes(10)).plusSeconds(1);
    assertTrue(WholeModels.isIdle(place("full-1"), later));
    assertFalse(WholeModels.isIdle(place("full-1"), later.minusSeconds(1)));
    assertFalse(WholeModels.isIdle(place("base"), later));
  }
}
