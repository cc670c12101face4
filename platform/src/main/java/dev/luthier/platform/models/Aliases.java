package dev.luthier.platform.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// OpenAI's names, and the local base that each stands for.
public record Aliases(Map<String, String> baseByAlias) {
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

  public Aliases {
    baseByAlias = Map.copyOf(baseByAlias);
  }

  /// All known names for one base.
  public static Aliases to(String baseId) {
    Map<String, String> table = new LinkedHashMap<>();
    KNOWN.forEach(name -> table.put(name, baseId));
    return new Aliases(table);
  }

  public Optional<String> base(String alias) {
    return Optional.ofNullable(baseByAlias.get(alias));
  }
}
