package dev.luthier.platform.models;

import java.util.List;
import java.util.Optional;

/// Port: the bases that are installed. Cheap enough for every request; safe for many threads.
public interface BaseStore {
  List<BaseModel> all();

  Optional<BaseModel> find(String id);
}
