package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.nn.Document;
import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackTest {
  private static final int ROWS_MAX = 1024;

  @Test
  void promptsAreLaidDownOnceForAllWhoShareThem() {
    var pack = only(Prompts.of(100, 130));
    // The first prompt and what four documents have behind it, the second and two, and one alone.
    int rows = 100 + 39 + 4 + 129 + 11 + 21 + 28 + 48 + 32;
    assertEquals(rows, pack.rows());
    assertEquals(9, pack.documents().size());
    var prompt = new Document.Span(0, 100);
    assertEquals(Document.alone(prompt), pack.documents().getFirst());
    assertEquals(new Document(prompt, new Document.Span(100, 39)), pack.documents().get(1));
    assertEquals(4, pack.documents().stream().filter(it -> it.prefix().equals(prompt)).count());
    assertEquals(rows, pack.documents().stream().mapToInt(it -> it.own().length()).sum());
  }

  /// What a target is predicted from is all that counts.
  @ParameterizedTest
  @ValueSource(ints = {16, 63, 64, 100})
  void everyTargetSeesWhatItSeesApart(int prompt) {
    var examples = Prompts.withOneThatIsAllPrompt(prompt, 130);
    var apart = Pack.of(examples, ROWS_MAX).getFirst();
    var shared = only(examples);
    assertTrue(shared.rows() < apart.rows());
    assertEquals(apart.targets(), shared.targets());
    assertEquals(seen(apart), seen(shared));
  }

  @Test
  void examplesThatShareNothingLieAsTheyDoApart() {
    var examples = IntStream.range(0, 5).mapToObj(i -> Prompts.behind(i, 30, i, 60, 40)).toList();
    var apart = Pack.of(examples, ROWS_MAX).getFirst();
    var pack = only(examples);
    assertEquals(apart.documents(), pack.documents());
    assertArrayEquals(apart.tokens(), pack.tokens());
    assertArrayEquals(apart.targetRows(), pack.targetRows());
  }

  @Test
  void aFewTokensThatTemplatesBeginWithAreNotShared() {
    assertFalse(
        shares(List.of(Prompts.behind(1, 15, 1, 60, 40), Prompts.behind(1, 15, 2, 60, 40))));
    assertTrue(shares(List.of(Prompts.behind(1, 16, 1, 60, 40), Prompts.behind(1, 16, 2, 60, 40))));
  }

  @Test
  void rowsOfTargetsAndWhatFollowsThemAreNotShared() {
    var same = Prompts.behind(1, 60, 1, 60, 40);
    var documents = only(List.of(same, same)).documents();
    assertEquals(39, documents.getFirst().own().length());
    assertEquals(20, documents.get(1).own().length());
    assertFalse(shares(List.of(Prompts.behind(1, 60, 1, 60, 1), Prompts.behind(1, 60, 1, 60, 1))));
  }

  /// Two that share much do not give it up for a third that shares little.
  @Test
  void aNewcomerJoinsOnlyWhereItSavesRows() {
    var pack =
        only(
            List.of(
                Prompts.behind(1, 100, 1, 120, 110),
                Prompts.behind(1, 100, 2, 120, 110),
                Prompts.behind(1, 40, 3, 120, 110),
                Prompts.behind(1, 90, 4, 120, 110)));
    var prefixes = pack.documents().stream().map(it -> it.prefix().length()).toList();
    assertEquals(List.of(0, 90, 90, 90, 0), prefixes);
  }

  @Test
  void aPackHasRoomBehindALongPromptButNotWithoutEnd() {
    var examples =
        IntStream.range(0, 30).mapToObj(i -> Prompts.behind(1, 150, i, 176, 160)).toList();
    var packs = Pack.of(examples, 200, true);
    // The prompt and eight times 25 rows; apart one fills a pack.
    assertEquals(List.of(350, 350, 350, 300), packs.stream().map(Pack::rows).toList());
    assertEquals(30, Pack.of(examples, 200).size());
    // A prompt of 150 and one row: 1,600 rows if they were apart.
    var brief = IntStream.range(0, 30).mapToObj(i -> Prompts.behind(1, 150, i, 152, 151)).toList();
    assertEquals(
        List.of(10, 10, 10), Pack.of(brief, 200, true).stream().map(Pack::targets).toList());
  }

  private static Pack only(List<TrainingExample> examples) {
    var packs = Pack.of(examples, ROWS_MAX, true);
    assertEquals(1, packs.size());
    return packs.getFirst();
  }

  private static boolean shares(List<TrainingExample> examples) {
    return only(examples).documents().stream().anyMatch(Document::hasPrefix);
  }

  /// The target, and all tokens up to the row that predicts it, at their positions.
  private static List<String> seen(Pack pack) {
    var all = new ArrayList<String>();
    for (int target = 0; target < pack.targets(); target++) {
      int row = pack.targetRows()[target];
      var document =
          pack.documents().stream().filter(it -> it.own().end() > row).findFirst().orElseThrow();
      var prefix = document.prefix();
      int start = document.own().start();
      var rows =
          IntStream.concat(
                  IntStream.range(prefix.start(), prefix.end()), IntStream.rangeClosed(start, row))
              .toArray();
      assertArrayEquals(
          IntStream.range(0, rows.length).toArray(),
          Arrays.stream(rows).map(it -> pack.positions()[it]).toArray());
      var tokens = Arrays.stream(rows).map(it -> pack.tokens()[it]).boxed().toList();
      all.add(pack.targetTokens()[target] + " after " + tokens);
    }
    all.sort(null);
    return all;
  }
}
