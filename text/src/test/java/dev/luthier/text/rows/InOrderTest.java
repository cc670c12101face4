package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {
  private static final long HUGE = 1 << 20;

  @Test
  void resultsKeepTheirOrderWhateverTheirSize() throws IOException {
    var random = new Random(5);
    List<Integer> handedOn = new ArrayList<>();
    Set<String> threads = ConcurrentHashMap.newKeySet();
    try (var rows =
        new InOrder<Integer, Integer>(
            "some",
            element -> {
              threads.add(Thread.currentThread().getName());
              return element * element;
            },
            element -> element % 100 == 7 ? HUGE : random.nextInt(10_000),
            handedOn::add)) {
      for (int i = 0; i < 5_000; i++) {
        rows.add(i);
      }
      rows.finish();
    }
    assertEquals(IntStream.range(0, 5_000).mapToObj(i -> i * i).toList(), handedOn);
    assertTrue(threads.contains("some-0"), threads.toString());
    assertTrue(threads.contains(Thread.currentThread().getName()), "the huge are the caller's");
  }

  @Test
  void itRunsAheadByALimitedNumberOfElements() throws IOException {
    var begun = new AtomicInteger();
    var handedOn = new AtomicInteger();
    var farthest = new AtomicInteger();
    try (var rows =
        new InOrder<Integer, Integer>(
            "some",
            element -> {
              farthest.accumulateAndGet(begun.incrementAndGet() - handedOn.get(), Math::max);
              return element;
            },
            _ -> 1,
            _ -> handedOn.incrementAndGet())) {
      for (int i = 0; i < 20_000; i++) {
        rows.add(i);
      }
      rows.finish();
    }
    assertEquals(20_000, handedOn.get());
    assertTrue(farthest.get() <= 64 * 3 * 4 + 64, "ran ahead by " + farthest);
  }

  @Test
  void theFirstFailureInOrderComesOut() throws IOException {
    List<Integer> handedOn = new ArrayList<>();
    try (var rows =
        new InOrder<Integer, Integer>(
            "some",
            element -> {
              if (element >= 1_000) {
                throw new IllegalArgumentException("element " + element);
              }
              return element;
            },
            _ -> 1,
            handedOn::add)) {
      var failure =
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  rows.add(i);
                }
                rows.finish();
              });
      assertEquals("element 1000", failure.getMessage());
    }
    assertEquals(1_000 / 64 * 64, handedOn.size());
  }
}
