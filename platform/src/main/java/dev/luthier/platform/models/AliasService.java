package dev.luthier.platform.models;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Optional;

/// Makes, moves and removes aliases. Safe for many threads.
public final class AliasService {
  private static final int ALIASES_MAX = 1000;

  private final Aliases aliases;
  private final AliasStore store;
  private final ModelService models;
  private final Transactions transactions;

  public AliasService(
      Aliases aliases, AliasStore store, ModelService models, Transactions transactions) {
    this.aliases = aliases;
    this.store = store;
    this.models = models;
    this.transactions = transactions;
  }

  /// In order of names.
  public List<Alias> list() {
    return aliases.all();
  }

  /// Whether the model that an alias names is there.
  public boolean answers(Alias alias) {
    return models.called(alias.model());
  }

  /// A name that nobody had. Durable when this returns.
  public Alias make(String name, String model) {
    return transactions.call(() -> {
      aliases
          .find(name)
          .ifPresent(taken -> {
            throw taken(name, "it is an alias of '" + taken.model() + "'; move that instead.");
          });
      return put(name, model);
    });
  }

  /// Makes the alias, or lets the one of that name stand for another model. Durable when this
  /// returns.
  public Alias set(String name, String model) {
    return transactions.call(() -> put(name, model));
  }

  /// From now on the name stands for nothing. Durable when this returns.
  public void remove(String name) {
    transactions.call(() -> {
      if (aliases.find(name).isEmpty()) {
        throw new ApiException(
            ErrorCode.NOT_FOUND,
            "There is no alias '" + ApiException.shown(name) + "'.",
            Optional.of("name"));
      }
      if (aliases.builtIn(name).isPresent()) {
        store.put(new AliasStore.Entry(name, Optional.empty()));
      } else {
        store.forget(name);
      }
      return true;
    });
  }

  private Alias put(String name, String model) {
    check(name, model);
    if (aliases.builtIn(name).filter(model::equals).isPresent()) {
      store.forget(name);
    } else {
      store.put(new AliasStore.Entry(name, Optional.of(model)));
    }
    return aliases.find(name).orElseThrow();
  }

  private void check(String name, String model) {
    if (!name.matches(Alias.NAME_PATTERN)) {
      throw ApiException.invalidValue(
          "name",
          ApiException.shown(name),
          "An alias has 1 to 200 letters, digits and '.', '_', ':', '/', '@', '+', '-'; the first is"
              + " a letter or digit.");
    }
    if (models.called(name)) {
      throw taken(name, "a model is called so.");
    }
    if (models.called(model)) {
      if (aliases.find(name).isEmpty() && aliases.all().size() >= ALIASES_MAX) {
        throw ApiException.tooMany("name", ALIASES_MAX, ALIASES_MAX + 1);
      }
      return;
    }
    aliases
        .find(model)
        .ifPresent(other -> {
          throw ApiException.invalidValue(
              "model",
              ApiException.shown(model),
              "It is an alias itself; name the model that it stands for: '" + other.model() + "'.");
        });
    throw ApiException.noSuchModel(ApiException.shown(model));
  }

  private static ApiException taken(String name, String why) {
    return new ApiException(
        ErrorCode.NAME_TAKEN, "The name '" + name + "' is taken: " + why, Optional.of("name"));
  }
}
