package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.evals.Eval;
import dev.luthier.platform.evals.EvalRun;
import dev.luthier.platform.evals.EvalRunState;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.platform.evals.OutputItem;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every store of evals keeps to.
abstract class EvalRowsContract {
  abstract EvalStore evals();

  static Eval eval(String id, int second) {
    return new Eval(
        id,
        "name of " + id,
        Instant.ofEpochSecond(second),
        Instant.ofEpochSecond(second),
        Map.of("a", "b"),
        "{\"type\":\"custom\"}",
        "[]");
  }

  private static EvalRun run(String id, String evalId) {
    return run(id, evalId, EvalRunState.QUEUED);
  }

  static EvalRun run(String id, String evalId, EvalRunState state) {
    return new EvalRun(
        id,
        evalId,
        "run",
        Instant.ofEpochSecond(7),
        Map.of("k", "v"),
        "tiny",
        "{}",
        state,
        new EvalRun.Counts(0, 0, 0, 0),
        List.of(),
        List.of(new EvalRun.CriterionCounts("c", 0, 0)),
        Optional.empty());
  }

  private static OutputItem item(String id, String runId, int number, OutputItem.Outcome outcome) {
    return new OutputItem(id, runId, "e1", number, Instant.ofEpochSecond(9), outcome, "{}");
  }

  private static PageRequest after(String id) {
    return new PageRequest(Optional.of(id), 2);
  }

  private static final PageRequest FIRST = new PageRequest(Optional.empty(), 2);

  private List<String> listed(PageRequest page, boolean newestFirst, boolean byUpdate) {
    return evals().list(new EvalStore.EvalQuery(page, newestFirst, byUpdate)).orElseThrow().stream()
        .map(Eval::id)
        .toList();
  }

  @Test
  void anEvalComesBackAsItWasKept() {
    evals().insert(eval("e1", 5));
    assertEquals(Optional.of(eval("e1", 5)), evals().find("e1"));
    assertTrue(evals().find("e2").isEmpty());
  }

  @Test
  void evalsAreListedBothWaysByMakingOrChange() {
    for (String id : List.of("e1", "e2", "e3", "e4")) {
      evals().insert(eval(id, 5)); // in the same second
    }
    assertEquals(List.of("e1", "e2", "e3"), listed(FIRST, false, false));
    assertEquals(List.of("e3", "e4"), listed(after("e2"), false, false));
    assertEquals(List.of("e4", "e3", "e2"), listed(FIRST, true, false));
    Eval first = eval("e1", 5);
    evals()
        .update(
            new Eval(
                "e1",
                "other",
                first.createdAt(),
                Instant.ofEpochSecond(50),
                Map.of("c", "d"),
                first.config(),
                first.criteria()));
    assertEquals(Map.of("c", "d"), evals().find("e1").orElseThrow().metadata());
    assertEquals("other", evals().find("e1").orElseThrow().name());
    assertEquals(List.of("e1", "e4", "e3"), listed(FIRST, true, true));
    assertEquals(List.of("e4", "e3", "e2"), listed(after("e1"), true, true));
    assertTrue(evals().list(new EvalStore.EvalQuery(after("nix"), true, false)).isEmpty());
  }

  @Test
  void aRunComesBackWithWhatBecameOfIt() {
    evals().insert(eval("e1", 5));
    evals().insertRun(run("r1", "e1"));
    assertEquals(Optional.of(run("r1", "e1")), evals().findRun("r1"));
    EvalRun failed =
        new EvalRun(
            "r1",
            "e1",
            "run",
            Instant.ofEpochSecond(7),
            Map.of("k", "v"),
            "tiny",
            "{}",
            EvalRunState.FAILED,
            new EvalRun.Counts(4, 1, 1, 2),
            List.of(new EvalRun.ModelUsage("tiny", 3, 30, 20, 10)),
            List.of(new EvalRun.CriterionCounts("c", 2, 1)),
            Optional.of(new EvalRun.Failure("code", "message")));
    evals().updateRun(failed);
    assertEquals(Optional.of(failed), evals().findRun("r1"));
  }

  @Test
  void runsAreListedByEvalAndStateAndTheUnfinishedOldestFirst() {
    evals().insert(eval("e1", 5));
    evals().insert(eval("e2", 5));
    evals().insertRun(run("r1", "e1"));
    evals().insertRun(run("r2", "e2"));
    evals().insertRun(run("r3", "e1"));
    var all = new EvalStore.RunQuery("e1", FIRST, true, Optional.empty());
    assertEquals(
        List.of("r3", "r1"),
        evals().listRuns(all).orElseThrow().stream().map(EvalRun::id).toList());
    var done = new EvalStore.RunQuery("e1", FIRST, true, Optional.of(EvalRunState.COMPLETED));
    assertEquals(List.of(), evals().listRuns(done).orElseThrow());
    var foreign = new EvalStore.RunQuery("e1", after("r2"), true, Optional.empty());
    assertTrue(evals().listRuns(foreign).isEmpty());
    assertEquals(
        List.of("r1", "r2", "r3"), evals().unfinishedRuns().stream().map(EvalRun::id).toList());
  }

  @Test
  void aRowIsJudgedOnce() {
    evals().insert(eval("e1", 5));
    evals().insertRun(run("r1", "e1"));
    assertTrue(evals().insertItem(item("i1", "r1", 3, OutputItem.Outcome.PASS)));
    assertFalse(evals().insertItem(item("i2", "r1", 3, OutputItem.Outcome.FAIL)));
    assertTrue(evals().insertItem(item("i3", "r1", 0, OutputItem.Outcome.FAIL)));
    var judged = new BitSet();
    judged.set(0);
    judged.set(3);
    assertEquals(judged, evals().judged("r1"));
    var all = new EvalStore.ItemQuery("r1", FIRST, false, Optional.empty());
    assertEquals(
        List.of("i3", "i1"),
        evals().listItems(all).orElseThrow().stream().map(OutputItem::id).toList());
    var passed = new EvalStore.ItemQuery("r1", FIRST, false, Optional.of(OutputItem.Outcome.PASS));
    assertEquals(
        List.of(item("i1", "r1", 3, OutputItem.Outcome.PASS)),
        evals().listItems(passed).orElseThrow());
  }

  @Test
  void whatIsDeletedTakesAlongWhatBelongsToIt() {
    evals().insert(eval("e1", 5));
    evals().insertRun(run("r1", "e1"));
    evals().insertRun(run("r2", "e1"));
    evals().insertItem(item("i1", "r1", 0, OutputItem.Outcome.PASS));
    evals().insertItem(item("i2", "r2", 0, OutputItem.Outcome.PASS));
    evals().deleteRun("r1");
    assertTrue(evals().findItem("i1").isEmpty());
    assertTrue(evals().findItem("i2").isPresent());
    evals().delete("e1");
    assertTrue(evals().findRun("r2").isEmpty());
    assertTrue(evals().findItem("i2").isEmpty());
  }
}
