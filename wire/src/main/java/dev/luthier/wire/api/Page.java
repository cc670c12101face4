package dev.luthier.wire.api;

import java.util.List;

/// One page of a list that names no first and last id (jobs, events).
public record Page<T>(String object, List<T> data, boolean hasMore) {
  public Page {
    data = List.copyOf(data);
  }

  public Page(List<T> data, boolean hasMore) {
    this("list", data, hasMore);
  }
}
