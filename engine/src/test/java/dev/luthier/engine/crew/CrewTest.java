package dev.luthier.engine.crew;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrewTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyTaskOfEveryPhaseRunsOnce(int size) {
    try (var crew = new Crew("test", size)) {
      for (int count = 0; count < 40; count++) {
        for (int repeat = 0; repeat < 50; repeat++) {
          var runs = new AtomicIntegerArray(count);
          crew.each(
              count,
              (member, index) -> {
                assertTrue(member >= 0 && member < size);
                runs.incrementAndGet(index);
              });
          for (int i = 0; i < count; i++) {
            assertEquals(1, runs.get(i));
          }
        }
      }
    }
  }

  @Test
  void aPhaseSeesWhatThePhaseBeforeItWrote() {
    try (var crew = new Crew("test", 3)) {
      int[] values = new int[64];
      for (int phase = 1; phase <= 2000; phase++) {
        int before = phase - 1;
        int[] next = new int[64];
        int[] read = values;
        crew.each(
            64,
            (_, i) -> {
              assertEquals(before * 64, sum(read));
              next[i] = read[i] + 1;
            });
        values = next;
      }
    }
  }

  private static int sum(int[] values) {
    int sum = 0;
    for (int value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void membersWorkAtTheSameTime() {
    try (var crew = new Crew("test", 3)) {
      var meeting = new CountDownLatch(3);
      Set<Integer> met = ConcurrentHashMap.newKeySet();
      crew.each(
          3,
          (member, _) -> {
            meeting.countDown();
            await(meeting);
            met.add(member);
          });
      assertEquals(Set.of(0, 1, 2), met);
    }
  }

  @Test
  void aMemberThatIsBusyLeavesItsShareToOthers() {
    try (var crew = new Crew("test", 2)) {
      var others = new CountDownLatch(9);
      crew.each(
          10,
          (_, index) -> {
            if (index == 5) { // The first of member 1's share waits until all else is done.
              await(others);
            } else {
              others.countDown();
            }
          });
      assertEquals(0, others.getCount());
    }
  }

  @Test
  void theFailureOfATaskComesOutAndTheCrewGoesOn() {
    try (var crew = new Crew("test", 2)) {
      var failure = new IllegalArgumentException("task 7");
      var thrown =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  crew.each(
                      100,
                      (_, index) -> {
                        if (index == 7) {
                          throw failure;
                        }
                      }));
      assertSame(failure, thrown);
      var runs = new AtomicInteger();
      crew.each(100, (_, _) -> runs.incrementAndGet());
      assertEquals(100, runs.get());
    }
  }

  @Test
  void aCrewThatIsClosedRefusesWork() {
    var crew = new Crew("test", 2);
    crew.close();
    assertThrows(IllegalStateException.class, () -> crew.each(1, (_, _) -> {}));
    assertThrows(IllegalArgumentException.class, () -> new Crew("test", 0));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
