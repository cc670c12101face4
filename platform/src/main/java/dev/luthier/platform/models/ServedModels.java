package dev.luthier.platform.models;

import dev.luthier.platform.jobs.CheckpointStore;
import java.util.List;
import java.util.Optional;

/// What a process of its own can answer for: the bases, and fine-tunes all of whose weights are
/// their own, by the id that their folder has. Safe for many threads.
public final class ServedModels implements BaseStore {
  private final BaseStore bases;
  private final CheckpointStore checkpoints;
  private final AdapterStore adapters;

  public ServedModels(BaseStore bases, CheckpointStore checkpoints, AdapterStore adapters) {
    this.bases = bases;
    this.checkpoints = checkpoints;
    this.adapters = adapters;
  }

  @Override
  public List<BaseModel> all() {
    return bases.all();
  }

  @Override
  public Optional<BaseModel> find(String id) {
    return AdapterStore.isWholeModel(id) ? wholeModel(id) : bases.find(id);
  }

  private Optional<BaseModel> wholeModel(String id) {
    return checkpoints
        .ofAdapter(id)
        .map(checkpoint -> new BaseModel(id, checkpoint.createdAt(), adapters.folder(id)));
  }
}
