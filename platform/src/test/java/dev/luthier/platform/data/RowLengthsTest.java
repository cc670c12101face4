package dev.luthier.platform.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.rows.RowLength;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RowLengthsTest {
  private final RowLengths lengths = new RowLengths();

  private void count(int... tokens) {
    for (int one : tokens) {
      lengths.count(new RowLength(one, 0, 0));
    }
  }

  @Test
  void noRowsMakeNoHistogram() {
    assertEquals(Optional.empty(), lengths.histogram(100));
  }

  @Test
  void shortRowsHaveABarEach() {
    count(3, 1, 3, 2);
    assertEquals(
        Optional.of(new DataReport.Lengths(1, List.of(0, 1, 1, 2), 1, 2, 3, 100)),
        lengths.histogram(100));
  }

  @Test
  void whatIsCutOffCountsToo() {
    lengths.count(new RowLength(100, 4, 51));
    count(99);
    var found = lengths.histogram(100).orElseThrow();
    assertEquals(151, found.longest());
    assertEquals(5, found.width());
    assertEquals(1, found.rows().get(30));
    assertEquals(1, found.rows().get(19));
    assertEquals(2, found.rows().stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void anyLengthFitsIntoFewBars() {
    for (int longest :
        new int[] {1, 39, 40, 79, 80, 2048, 99_999, RowLengths.LONGEST, 10_000_000}) {
      var fresh = new RowLengths();
      fresh.count(new RowLength(longest, 0, 0));
      var found = fresh.histogram(2048).orElseThrow();
      assertTrue(found.rows().size() <= 40, longest + " makes " + found.rows().size() + " bars");
      assertEquals(1, found.rows().getLast());
      assertEquals(Math.min(longest, RowLengths.LONGEST), found.middle());
    }
  }
}
