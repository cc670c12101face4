package dev.luthier.wire.internal;

/// A stored adapter: the name that tells adapters apart in memory, its PEFT folder, and the sha256
/// (hex) of its `adapter_model.safetensors`.
public record AdapterRef(String name, String folder, String sha256) {
  public AdapterRef {
    Check.text("name", name);
    Check.text("folder", folder);
    Check.sha256("sha256", sha256);
  }
}
