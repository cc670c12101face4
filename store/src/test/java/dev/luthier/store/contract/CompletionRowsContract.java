package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.stored.CompletionQuery;
import dev.luthier.platform.stored.CompletionStore;
import dev.luthier.platform.stored.StoredCompletion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every store of chat completions keeps to.
abstract class CompletionRowsContract {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  abstract CompletionStore completions();

  private StoredCompletion inserted(String id, String model, Map<String, String> metadata) {
    var completion = new StoredCompletion(id, NOW, model, metadata, "{\"a\":1}", "[]");
    completions().insert(completion);
    return completion;
  }

  private List<StoredCompletion> listed(
      Optional<String> after, Optional<String> model, Map<String, String> pairs, boolean newest) {
    return completions()
        .list(new CompletionQuery(new PageRequest(after, 5), model, pairs, newest))
        .orElseThrow();
  }

  @Test
  void completionsComeBackAsTheyWereInBothOrdersAndByModelAndPairs() {
    var first = inserted("chatcmpl-1", "one", Map.of("team", "a", "run", "1"));
    var second = inserted("chatcmpl-2", "two", Map.of("team", "a"));
    assertEquals(Optional.of(first), completions().find("chatcmpl-1"));
    assertEquals(
        List.of(first, second), listed(Optional.empty(), Optional.empty(), Map.of(), false));
    assertEquals(
        List.of(second, first), listed(Optional.empty(), Optional.empty(), Map.of(), true));
    assertEquals(
        List.of(second), listed(Optional.of("chatcmpl-1"), Optional.empty(), Map.of(), false));
    assertEquals(
        List.of(second), listed(Optional.empty(), Optional.of("two"), Map.of("team", "a"), false));
    assertEquals(
        List.of(first),
        listed(Optional.empty(), Optional.empty(), Map.of("team", "a", "run", "1"), false));
    assertEquals(
        Optional.empty(),
        completions()
            .list(
                new CompletionQuery(
                    new PageRequest(Optional.of("chatcmpl-9"), 5),
                    Optional.empty(),
                    Map.of(),
                    false)));
  }

  @Test
  void metadataIsReplacedAndGoesWithItsCompletion() {
    inserted("chatcmpl-1", "one", Map.of("team", "a"));
    completions().setMetadata("chatcmpl-1", Map.of("x", "y"));
    assertEquals(Map.of("x", "y"), completions().find("chatcmpl-1").orElseThrow().metadata());
    assertTrue(completions().delete("chatcmpl-1"));
    assertFalse(completions().delete("chatcmpl-1"));
    assertEquals(
        Map.of(), inserted("chatcmpl-1", "one", Map.of()).metadata(), "nothing is left of it");
  }

  @Test
  void onlyWhatIsOlderIsPurged() {
    inserted("chatcmpl-1", "one", Map.of());
    completions().purge(NOW);
    assertTrue(completions().find("chatcmpl-1").isPresent());
    completions().purge(NOW.plusMillis(1));
    assertEquals(Optional.empty(), completions().find("chatcmpl-1"));
  }
}
