package dev.luthier.store.folder;

import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.BaseStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Bases as folders of one folder; one with a `base.json`, which is written last, is complete.
public final class FolderBaseStore implements BaseStore {
  private static final String COMPLETE = "base.json";
  private final Path folder;

  /// The folder may be missing: then there are no bases yet.
  public FolderBaseStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public List<BaseModel> all() {
    try {
      return Durable.names(folder).stream().flatMap(name -> find(name).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the bases in " + folder, e);
    }
  }

  @Override
  public Optional<BaseModel> find(String id) {
    if (!id.matches(BaseModel.ID_PATTERN)) {
      return Optional.empty();
    }
    Path base = folder.resolve(id);
    Path complete = base.resolve(COMPLETE);
    if (!Files.isRegularFile(complete, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      Instant createdAt = Files.getLastModifiedTime(complete).toInstant();
      return Optional.of(new BaseModel(id, createdAt, base));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the base " + id, e);
    }
  }
}
