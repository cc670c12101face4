package dev.luthier.engine.infer;

import java.nio.file.Path;

/// A LoRA adapter to apply: a name that is unique for its content, and the PEFT folder it is read
/// from on first use.
public record AdapterRef(String name, Path folder) {}
