package dev.luthier.platform.models;

import java.util.List;
import java.util.Optional;

/// Port: the aliases that users made, moved or removed. Safe for many threads; see `Transactions`
/// for durability.
public interface AliasStore {
  /// What a user said of a name.
  ///
  /// @param model empty when a name that the program brought along was removed
  record Entry(String name, Optional<String> model) {}

  /// In order of names.
  List<Entry> all();

  Optional<Entry> find(String name);

  /// Instead of what was said of that name before.
  void put(Entry entry);

  /// As if nothing had ever been said of the name.
  void forget(String name);
}
