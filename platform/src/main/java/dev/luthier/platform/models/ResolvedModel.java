package dev.luthier.platform.models;

/// What a name stands for.
public sealed interface ResolvedModel {
  /// Something that can generate and be trained on.
  sealed interface Callable extends ResolvedModel {
    /// The name that answers carry: never an alias.
    String name();

    BaseModel base();
  }

  /// A base, perhaps asked for by an alias.
  record Base(BaseModel base) implements Callable {
    @Override
    public String name() {
      return base.id();
    }
  }

  /// A fine-tune or one of its checkpoints.
  record FineTune(String name, BaseModel base, AdapterReference adapter) implements Callable {}

  /// A fine-tune or checkpoint all of whose weights are its own: it answers as a base does, by a
  /// process of its own.
  ///
  /// @param base its own folder
  record WholeModel(String name, BaseModel base, String weightsSha256) implements Callable {}

  /// Nothing here answers to `name`.
  record Unknown(String name) implements ResolvedModel {}
}
