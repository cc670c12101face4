package dev.luthier.app.config;

import dev.luthier.platform.usage.Prices;
import dev.luthier.platform.webhooks.WebhookReach;
import dev.luthier.wire.internal.DeviceChoice;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The settings in force, checked. Made by [ConfigLoader].
///
/// @param port 0 to 65535; 0 lets the system choose
/// @param hubUrl empty when the hub is switched off
/// @param wandbUrl empty when nothing is sent to Weights & Biases
public record Config(
    Path data,
    String host,
    int port,
    Optional<String> apiKey,
    String base,
    Optional<Path> baseSource,
    Optional<URI> hubUrl,
    String python,
    int trainerHeapMb,
    int inferenceHeapMb,
    int resumeSeconds,
    Cores cores,
    DeviceChoice device,
    Optional<URI> wandbUrl,
    Optional<String> wandbApiKey,
    int requestsPerMinute,
    int tokensPerMinute,
    WebhookReach webhookAddresses,
    Prices prices,
    String logLevel,
    Map<Setting, Value> values) {

  /// One setting's value as text and where it comes from ("default", "--port", "LUTHIER_PORT", a
  /// file's line).
  public record Value(Setting setting, String text, String origin) {
    /// For people: secrets are masked.
    public String shown() {
      String value = text.isEmpty() ? "(none)" : setting.secret() ? "********" : text;
      return setting.key() + " = " + value + " (" + origin + ")";
    }
  }

  public Config {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
  }

  /// One line a setting, in the order of [Setting].
  public List<String> described() {
    return values.values().stream().map(Value::shown).toList();
  }

  static Config of(Map<Setting, Value> values) {
    Values in = new Values(values);
    return new Config(
        in.path(Setting.DATA),
        in.word(Setting.HOST),
        in.number(Setting.PORT, 0, 65535),
        in.optional(Setting.API_KEY),
        in.word(Setting.BASE),
        in.optional(Setting.BASE_SOURCE).map(_ -> in.path(Setting.BASE_SOURCE)),
        in.url(Setting.HUB_URL),
        in.word(Setting.PYTHON),
        in.number(Setting.TRAINER_HEAP_MB, 64, 1 << 20),
        in.number(Setting.INFERENCE_HEAP_MB, 64, 1 << 20),
        in.number(Setting.RESUME_SECONDS, 0, 60),
        Cores.of(in.oneOf(Setting.CORES, Cores.texts())),
        DeviceChoice.of(in.oneOf(Setting.DEVICE, DeviceChoice.texts())),
        in.url(Setting.WANDB_URL),
        in.optional(Setting.WANDB_API_KEY),
        in.number(Setting.REQUESTS_PER_MINUTE, 0, 1_000_000_000),
        in.number(Setting.TOKENS_PER_MINUTE, 0, 1_000_000_000),
        WebhookReach.of(in.oneOf(Setting.WEBHOOK_ADDRESSES, WebhookReach.texts())),
        in.prices(),
        in.oneOf(Setting.LOG_LEVEL, List.of("error", "warn", "info", "debug")),
        values);
  }

  /// Reads typed values out of text and says what is wrong, where.
  private record Values(Map<Setting, Value> all) {
    Value of(Setting setting) {
      return Objects.requireNonNull(all.get(setting), setting.key());
    }

    String word(Setting setting) {
      String text = of(setting).text().strip();
      if (text.isEmpty()) {
        throw refused(setting, "a value");
      }
      return text;
    }

    Optional<String> optional(Setting setting) {
      return Optional.of(of(setting).text().strip()).filter(text -> !text.isEmpty());
    }

    int number(Setting setting, int least, int most) {
      String wanted = "a whole number from " + least + " to " + most;
      try {
        int number = Integer.parseInt(word(setting));
        if (number < least || number > most) {
          throw refused(setting, wanted);
        }
        return number;
      } catch (NumberFormatException _) {
        throw refused(setting, wanted);
      }
    }

    String oneOf(Setting setting, List<String> allowed) {
      String word = word(setting).toLowerCase(Locale.ROOT);
      if (!allowed.contains(word)) {
        throw refused(setting, "one of " + String.join(", ", allowed));
      }
      return word;
    }

    Prices prices() {
      String currency = word(Setting.CURRENCY).toLowerCase(Locale.ROOT);
      if (!currency.matches("[a-z]{3}")) {
        throw refused(Setting.CURRENCY, "three letters, such as usd");
      }
      return new Prices(currency, price(Setting.PRICE_INPUT), price(Setting.PRICE_OUTPUT));
    }

    private BigDecimal price(Setting setting) {
      String text = word(setting);
      if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
        throw refused(setting, "a price from 0 on, such as 0.15");
      }
      return new BigDecimal(text);
    }

    Path path(Setting setting) {
      String text = word(setting);
      String home = System.getProperty("user.home");
      String full = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
      try {
        return Path.of(full).toAbsolutePath().normalize();
      } catch (InvalidPathException _) {
        throw refused(setting, "a path");
      }
    }

    Optional<URI> url(Setting setting) {
      String text = word(setting);
      if (text.equals("off")) {
        return Optional.empty();
      }
      try {
        URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
          return Optional.of(uri);
        }
      } catch (URISyntaxException _) {
        // The sentence below says it.
      }
      throw refused(setting, "an http or https address, or 'off'");
    }

    ConfigException refused(Setting setting, String wanted) {
      Value value = of(setting);
      String text = setting.secret() ? "********" : value.text();
      return new ConfigException(
          setting.key()
              + " is '"
              + text
              + "' (set by "
              + value.origin()
              + ") and must be "
              + wanted
              + ".");
    }
  }
}
