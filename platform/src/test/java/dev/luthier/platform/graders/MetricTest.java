package dev.luthier.platform.graders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Measures beside public implementations; the fixture's script is `text_metrics.py`.
class MetricTest {
  private static final double TOLERANCE = 1e-9;

  private static JsonNode fixture() {
    var file = MetricTest.class.getResourceAsStream("metrics.json");
    return JsonMapper.builder().build().readTree(Objects.requireNonNull(file));
  }

  @Test
  void everyMeasureIsThatOfTheReference() {
    int compared = 0;
    for (JsonNode pair : fixture().get("pairs")) {
      String said = pair.get("said").asString();
      String wanted = pair.get("wanted").asString();
      for (Metric metric : Metric.values()) {
        assertEquals(
            pair.get("measures").get(metric.text()).asDouble(),
            metric.of(said, wanted),
            TOLERANCE,
            () -> metric.text() + " of '" + said + "' and '" + wanted + "'");
        compared++;
      }
    }
    assertTrue(compared > 700, () -> "the fixture is smaller than it was");
  }

  @Test
  void stemsAreThoseOfTheReference() {
    for (var stem : fixture().get("stems").properties()) {
      assertEquals(stem.getValue().asString(), EnglishStem.of(stem.getKey()), stem::getKey);
    }
  }

  @Test
  void theLongestCommonSubsequenceIsTheTextbookOne() {
    long seed = new Random(7).nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      int[] a = random.ints(random.nextInt(200), 0, 5).toArray();
      int[] b = random.ints(random.nextInt(200), 0, 5).toArray();
      assertEquals(textbook(a, b), CommonSubsequence.length(a, b), () -> "seed " + seed);
    }
  }

  @Test
  void wordsOfOtherAlphabetsCountToo() {
    assertEquals(1, Metric.ROUGE_1.of("Österreich über Москва", "österreich ÜBER москва"), 0);
    assertEquals(0.5, Metric.ROUGE_1.of("Grüße Москва", "Grüße Киев"), 0);
  }

  @Test
  void emptyTextsHaveAMeasure() {
    for (Metric metric : Metric.values()) {
      assertTrue(Double.isFinite(metric.of("", "")), metric::text);
      assertEquals(0, metric.of("", "word"), metric::text);
      assertEquals(0, metric.of("word", ""), metric::text);
    }
  }

  private static int textbook(int[] a, int[] b) {
    int[][] best = new int[a.length + 1][b.length + 1];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        best[i][j] =
            a[i - 1] == b[j - 1]
                ? best[i - 1][j - 1] + 1
                : Math.max(best[i - 1][j], best[i][j - 1]);
      }
    }
    return best[a.length][b.length];
  }
}
