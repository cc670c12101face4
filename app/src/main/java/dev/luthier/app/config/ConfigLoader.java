package dev.luthier.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// Lays the sources over one another: flags over `LUTHIER_*` over `luthier.toml` over defaults.
public final class ConfigLoader {
  public static final String FILE_NAME = "luthier.toml";

  private ConfigLoader() {}

  /// The settings in force, or [ConfigException].
  ///
  /// @param flags what the command line set
  /// @param environment all variables; but for `WANDB_API_KEY`, those that do not start with
  ///   `LUTHIER_` are ignored
  public static Config load(Map<Setting, String> flags, Map<String, String> environment) {
    Map<Setting, Config.Value> found = defaults();
    Map<Setting, Config.Value> over = new EnumMap<>(Setting.class);
    readEnvironment(environment, over);
    flags.forEach((setting, text) -> put(over, setting, text, setting.flag()));
    // The file lies in the data folder, so that folder is known first and cannot be set by the
    // file.
    readFile(dataFolder(over), found);
    found.putAll(over);
    return Config.of(found);
  }

  private static Path dataFolder(Map<Setting, Config.Value> over) {
    Map<Setting, Config.Value> known = defaults();
    known.computeIfPresent(Setting.DATA, (_, value) -> over.getOrDefault(Setting.DATA, value));
    return Config.of(known).data();
  }

  private static Map<Setting, Config.Value> defaults() {
    Map<Setting, Config.Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      put(values, setting, setting.defaultValue(), "default");
    }
    return values;
  }

  private static void readEnvironment(
      Map<String, String> environment, Map<Setting, Config.Value> into) {
    if (environment.containsKey(Setting.WANDB_VARIABLE)) {
      put(
          into,
          Setting.WANDB_API_KEY,
          environment.getOrDefault(Setting.WANDB_VARIABLE, ""),
          Setting.WANDB_VARIABLE);
    }
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (Setting.isVariable(name)) {
        Setting setting =
            Setting.ofVariable(name)
                .orElseThrow(() ->
                    unknown(
                        "The environment variable",
                        name,
                        Setting.nearest(name.substring("LUTHIER_".length())).variable()));
        put(into, setting, variable.getValue(), name);
      }
    }
  }

  private static void readFile(Path folder, Map<Setting, Config.Value> into) {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return;
    }
    for (FlatToml.Entry entry : FlatToml.parse(read(file), file.toString())) {
      String origin = file + " line " + entry.line();
      Setting setting =
          Setting.ofKey(entry.key())
              .orElseThrow(() ->
                  unknown(
                      origin + ": the setting", entry.key(), Setting.nearest(entry.key()).key()));
      if (setting == Setting.DATA) {
        throw new ConfigException(
            origin + ": 'data' cannot be set inside the data folder; use --data or LUTHIER_DATA.");
      }
      put(into, setting, entry.value(), origin);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new ConfigException(
          file + " cannot be read (" + failure.getMessage() + "); check its owner and encoding.");
    }
  }

  private static void put(
      Map<Setting, Config.Value> into, Setting setting, String text, String origin) {
    into.put(setting, new Config.Value(setting, text, origin));
  }

  private static ConfigException unknown(String what, String name, String nearest) {
    return new ConfigException(
        what + " '" + name + "' is not known; the nearest is '" + nearest + "'.");
  }
}
