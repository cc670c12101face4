package dev.luthier.http.api;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.batches.Batch;
import dev.luthier.platform.batches.BatchAnswer;
import dev.luthier.platform.batches.BatchStore;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// The rows of batches in memory; nobody runs them here.
final class MemoryBatches implements BatchStore {
  private final List<Batch> rows = new ArrayList<>();

  @Override
  public synchronized void insert(Batch batch) {
    rows.add(batch);
  }

  @Override
  public synchronized Optional<Batch> find(String id) {
    return rows.stream().filter(row -> row.id().equals(id)).findFirst();
  }

  @Override
  public synchronized Optional<List<Batch>> list(PageRequest page) {
    return Pages.cut(rows.reversed(), Batch::id, page);
  }

  @Override
  public synchronized List<Batch> unfinished() {
    return rows.stream().filter(row -> !row.state().ended()).toList();
  }

  @Override
  public synchronized void update(Batch batch) {
    rows.replaceAll(row -> row.id().equals(batch.id()) ? batch : row);
  }

  @Override
  public void insertAnswer(String batchId, BatchAnswer answer) {
    throw new UnsupportedOperationException("no batch is run here");
  }

  @Override
  public BitSet answered(String batchId) {
    return new BitSet();
  }

  @Override
  public List<BatchAnswer> answers(String batchId, boolean failed, int behindLine, int limit) {
    return List.of();
  }

  @Override
  public void removeAnswers(String batchId) {}
}
