package dev.luthier.platform.models;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Names that stand for models: OpenAI's names for the default base, over which lies what users
/// made, moved and removed. Safe for many threads.
public final class Aliases {
  /// The names that scripts written for OpenAI's fine-tuning say.
  private static final List<String> KNOWN =
      List.of(
          "gpt-3.5-turbo",
          "gpt-35-turbo",
          "gpt-3.5-turbo-0125",
          "gpt-3.5-turbo-1106",
          "gpt-3.5-turbo-0613",
          "gpt-4o-mini",
          "gpt-4o-mini-2024-07-18",
          "gpt-4o",
          "gpt-4o-2024-08-06",
          "gpt-4.1",
          "gpt-4.1-2025-04-14",
          "gpt-4.1-mini",
          "gpt-4.1-mini-2025-04-14",
          "gpt-4.1-nano",
          "gpt-4.1-nano-2025-04-14",
          "babbage-002",
          "davinci-002");

  private final String baseId;
  private final Optional<AliasStore> store;

  private Aliases(String baseId, Optional<AliasStore> store) {
    this.baseId = baseId;
    this.store = store;
  }

  /// All known names for one base, and no others.
  public static Aliases to(String baseId) {
    return new Aliases(baseId, Optional.empty());
  }

  /// All known names for one base, with what `store` says laid over them.
  public static Aliases to(String baseId, AliasStore store) {
    return new Aliases(baseId, Optional.of(store));
  }

  /// What a name stands for that the program brought along, whatever users have said since.
  Optional<String> builtIn(String name) {
    return KNOWN.contains(name) ? Optional.of(baseId) : Optional.empty();
  }

  /// The model that a name stands for now.
  public Optional<Alias> find(String name) {
    Optional<AliasStore.Entry> said = store.flatMap(rows -> rows.find(name));
    if (said.isPresent()) {
      return said.get().model().map(model -> new Alias(name, model, false));
    }
    return builtIn(name).map(model -> new Alias(name, model, true));
  }

  /// In order of names.
  public List<Alias> all() {
    TreeMap<String, Alias> aliases = new TreeMap<>();
    KNOWN.forEach(name -> aliases.put(name, new Alias(name, baseId, true)));
    for (AliasStore.Entry entry : store.map(AliasStore::all).orElse(List.of())) {
      entry
          .model()
          .ifPresentOrElse(
              model -> aliases.put(entry.name(), new Alias(entry.name(), model, false)),
              () -> aliases.remove(entry.name()));
    }
    return List.copyOf(aliases.values());
  }
}
