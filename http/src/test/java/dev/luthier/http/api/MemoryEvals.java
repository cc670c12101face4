package dev.luthier.http.api;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.evals.Eval;
import dev.luthier.platform.evals.EvalRun;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.platform.evals.OutputItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The rows of evals in memory.
final class MemoryEvals implements EvalStore {
  private final Map<String, Eval> evals = new LinkedHashMap<>();
  private final Map<String, EvalRun> runs = new LinkedHashMap<>();
  private final Map<String, OutputItem> items = new LinkedHashMap<>();

  @Override
  public synchronized void insert(Eval eval) {
    evals.put(eval.id(), eval);
  }

  @Override
  public synchronized Optional<Eval> find(String id) {
    return Optional.ofNullable(evals.get(id));
  }

  @Override
  public synchronized Optional<List<Eval>> list(EvalQuery query) {
    List<Eval> all = new ArrayList<>(evals.values());
    if (query.byUpdate()) {
      all.sort(Comparator.comparing(Eval::updatedAt));
    }
    return page(all, Eval::id, query.page(), query.newestFirst());
  }

  private static <T> Optional<List<T>> page(
      List<T> oldestFirst, Function<T, String> id, PageRequest page, boolean newestFirst) {
    List<T> all = newestFirst ? oldestFirst.reversed() : oldestFirst;
    int start = 0;
    if (page.after().isPresent()) {
      start = all.stream().map(id).toList().indexOf(page.after().get()) + 1;
      if (start == 0) {
        return Optional.empty();
      }
    }
    return Optional.of(all.stream().skip(start).limit(page.limit() + 1L).toList());
  }

  @Override
  public synchronized void update(Eval eval) {
    evals.put(eval.id(), eval);
  }

  @Override
  public synchronized void delete(String id) {
    evals.remove(id);
    List.copyOf(runs.values()).stream()
        .filter(run -> run.evalId().equals(id))
        .forEach(run -> deleteRun(run.id()));
  }

  @Override
  public synchronized void insertRun(EvalRun run) {
    runs.put(run.id(), run);
  }

  @Override
  public synchronized Optional<EvalRun> findRun(String id) {
    return Optional.ofNullable(runs.get(id));
  }

  @Override
  public synchronized Optional<List<EvalRun>> listRuns(RunQuery query) {
    return page(
        runs.values().stream()
            .filter(run -> run.evalId().equals(query.evalId()))
            .filter(run -> query.state().isEmpty() || run.state() == query.state().get())
            .toList(),
        EvalRun::id,
        query.page(),
        query.newestFirst());
  }

  @Override
  public synchronized List<EvalRun> unfinishedRuns() {
    return runs.values().stream().filter(run -> !run.state().ended()).toList();
  }

  @Override
  public synchronized void updateRun(EvalRun run) {
    runs.put(run.id(), run);
  }

  @Override
  public synchronized void deleteRun(String id) {
    runs.remove(id);
    items.values().removeIf(item -> item.runId().equals(id));
  }

  @Override
  public synchronized boolean insertItem(OutputItem item) {
    if (judged(item.runId()).get(item.number())) {
      return false;
    }
    items.put(item.id(), item);
    return true;
  }

  @Override
  public synchronized BitSet judged(String runId) {
    var numbers = new BitSet();
    items.values().stream()
        .filter(item -> item.runId().equals(runId))
        .forEach(item -> numbers.set(item.number()));
    return numbers;
  }

  @Override
  public synchronized Optional<OutputItem> findItem(String id) {
    return Optional.ofNullable(items.get(id));
  }

  @Override
  public synchronized Optional<List<OutputItem>> listItems(ItemQuery query) {
    return page(
        items.values().stream()
            .filter(item -> item.runId().equals(query.runId()))
            .filter(item -> query.outcome().isEmpty() || item.outcome() == query.outcome().get())
            .sorted(Comparator.comparingInt(OutputItem::number))
            .toList(),
        OutputItem::id,
        query.page(),
        query.newestFirst());
  }
}
