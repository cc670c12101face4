package dev.luthier.platform.models;

/// Says what a name stands for; never throws for a name that nobody has.
@FunctionalInterface
public interface ModelResolver {
  ResolvedModel resolve(String name);
}
