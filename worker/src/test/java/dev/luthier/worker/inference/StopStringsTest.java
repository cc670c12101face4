package dev.luthier.worker.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void aStopStringAcrossPiecesIsNotShown() {
    var stops = new StopStrings(List.of("END"));
    assertEquals(new StopStrings.Cut("one ", false), stops.add("one E"));
    assertEquals(new StopStrings.Cut("", false), stops.add("N"));
    assertEquals(new StopStrings.Cut("", true), stops.add("D and more"));
  }

  @Test
  void textHeldBackInVainIsShownLater() {
    var stops = new StopStrings(List.of("END"));
    stops.add("E");
    assertEquals(new StopStrings.Cut("ENx", false), stops.add("Nx"));
    stops.add("EN");
    assertEquals("EN", stops.end());
  }

  @Test
  void theFirstOfSeveralStopStringsCuts() {
    var stops = new StopStrings(List.of("later", "\n"));
    assertEquals(new StopStrings.Cut("a", true), stops.add("a\nlater"));
  }

  @Test
  void withoutStopStringsNothingIsHeldBack() {
    var stops = new StopStrings(List.of(""));
    assertEquals(new StopStrings.Cut("text", false), stops.add("text"));
  }

  @Test
  void anyPartitionOfATextIsCutLikeTheWhole() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      String text = letters(random, random.nextInt(30));
      List<String> wanted =
          IntStream.range(0, 1 + random.nextInt(3))
              .mapToObj(_ -> letters(random, 1 + random.nextInt(4)))
              .toList();
      String about = "seed %d, text '%s', stops %s".formatted(seed, text, wanted);
      var stops = new StopStrings(wanted);
      var shown = new StringBuilder();
      boolean stopped = false;
      for (int at = 0; at < text.length() && !stopped; ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(4));
        StopStrings.Cut cut = stops.add(text.substring(at, next));
        shown.append(cut.text());
        stopped = cut.stopped();
        at = next;
      }
      if (!stopped) {
        shown.append(stops.end());
      }
      // Pieces end the search early, so the cut is the stop string that is complete first.
      int complete = Integer.MAX_VALUE;
      for (String stop : wanted) {
        int at = text.indexOf(stop);
        complete = at < 0 ? complete : Math.min(complete, at + stop.length());
      }
      assertEquals(complete != Integer.MAX_VALUE, stopped, about);
      assertTrue(text.startsWith(shown.toString()), about);
      if (stopped) {
        assertTrue(wanted.stream().anyMatch(stop -> text.startsWith(stop, shown.length())), about);
        assertFalse(wanted.stream().anyMatch(stop -> shown.indexOf(stop) >= 0), about);
      } else {
        assertEquals(text, shown.toString(), about);
      }
    }
  }

  private static String letters(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append("ab".charAt(random.nextInt(2)));
    }
    return text.toString();
  }
}
