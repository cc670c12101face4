package dev.luthier.platform.models;

import java.nio.file.Path;

/// An adapter to put on a base: the name users call, the folder, and the sum of its weights file.
public record AdapterReference(String name, String id, Path folder, String weightsSha256) {}
