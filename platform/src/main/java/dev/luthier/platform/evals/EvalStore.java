package dev.luthier.platform.evals;

import dev.luthier.platform.PageRequest;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Port: the rows of evals, their runs and what came out. Safe for many threads; see `Transactions`
/// for durability. Lists hold at most `limit + 1` rows and are empty when the cursor is unknown.
public interface EvalStore {

  /// Which evals are listed.
  ///
  /// @param byUpdate by the time of the last change, not of the making
  record EvalQuery(PageRequest page, boolean newestFirst, boolean byUpdate) {}

  /// Which runs of an eval are listed.
  record RunQuery(
      String evalId, PageRequest page, boolean newestFirst, Optional<EvalRunState> state) {}

  /// Which rows of a run are listed.
  record ItemQuery(
      String runId, PageRequest page, boolean newestFirst, Optional<OutputItem.Outcome> outcome) {}

  void insert(Eval eval);

  Optional<Eval> find(String id);

  Optional<List<Eval>> list(EvalQuery query);

  /// Writes name, metadata and time of the change.
  void update(Eval eval);

  /// With its runs and what came out of them.
  void delete(String id);

  void insertRun(EvalRun run);

  Optional<EvalRun> findRun(String id);

  Optional<List<EvalRun>> listRuns(RunQuery query);

  /// Those that have not ended, oldest first.
  List<EvalRun> unfinishedRuns();

  /// Writes state, counts, usage and failure.
  void updateRun(EvalRun run);

  /// With what came out of it.
  void deleteRun(String id);

  /// False when the row has one already.
  boolean insertItem(OutputItem item);

  /// The numbers of rows that are judged.
  BitSet judged(String runId);

  Optional<OutputItem> findItem(String id);

  Optional<List<OutputItem>> listItems(ItemQuery query);
}
