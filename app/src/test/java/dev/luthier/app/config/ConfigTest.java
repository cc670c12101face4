package dev.luthier.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.usage.Prices;
import dev.luthier.platform.webhooks.WebhookReach;
import dev.luthier.wire.internal.DeviceChoice;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigTest {
  /// Another value than the default for each setting, and what it becomes.
  private static final Map<Setting, String> OTHER =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Setting.DATA, "elsewhere"),
              Map.entry(Setting.HOST, "0.0.0.0"),
              Map.entry(Setting.PORT, "9000"),
              Map.entry(Setting.API_KEY, "sk-secret"),
              Map.entry(Setting.BASE, "other-base"),
              Map.entry(Setting.BASE_SOURCE, "model.gguf"),
              Map.entry(Setting.HUB_URL, "http://127.0.0.1:1/hub/"),
              Map.entry(Setting.PYTHON, "python3.12"),
              Map.entry(Setting.TRAINER_HEAP_MB, "1024"),
              Map.entry(Setting.INFERENCE_HEAP_MB, "256"),
              Map.entry(Setting.RESUME_SECONDS, "5"),
              Map.entry(Setting.REQUESTS_PER_MINUTE, "60"),
              Map.entry(Setting.TOKENS_PER_MINUTE, "0"),
              Map.entry(Setting.CORES, "Even"),
              Map.entry(Setting.DEVICE, "CPU"),
              Map.entry(Setting.WANDB_URL, "http://127.0.0.1:2/"),
              Map.entry(Setting.WANDB_API_KEY, "wandb-secret"),
              Map.entry(Setting.WEBHOOK_ADDRESSES, "any"),
              Map.entry(Setting.PRICE_INPUT, "0.15"),
              Map.entry(Setting.PRICE_OUTPUT, "2"),
              Map.entry(Setting.CURRENCY, "EUR"),
              Map.entry(Setting.LOG_LEVEL, "Debug")));

  @TempDir Path folder;

  @Test
  void defaultsAreTheDocumentedOnes() {
    Config config = ConfigLoader.load(Map.of(), Map.of("LUTHIER_DATA", folder.toString()));
    assertEquals("127.0.0.1", config.host());
    assertEquals(8420, config.port());
    assertEquals(Optional.empty(), config.apiKey());
    assertEquals("smollm2-135m-instruct", config.base());
    assertEquals(Optional.empty(), config.baseSource());
    assertEquals("https", config.hubUrl().orElseThrow().getScheme());
    assertEquals("python3", config.python());
    assertEquals(768, config.trainerHeapMb());
    assertEquals(512, config.inferenceHeapMb());
    assertEquals(30, config.resumeSeconds());
    assertEquals(Cores.ANSWERS_FIRST, config.cores());
    assertEquals(DeviceChoice.AUTO, config.device());
    assertEquals(WebhookReach.PRIVATE, config.webhookAddresses());
    assertEquals(new Prices("usd", BigDecimal.ZERO, BigDecimal.ZERO), config.prices());
    assertEquals(Optional.empty(), config.wandbUrl());
    assertEquals(Optional.empty(), config.wandbApiKey());
    assertEquals("info", config.logLevel());
    assertEquals("~/.luthier", Setting.DATA.defaultValue());
  }

  @Test
  void eachSettingReachesItsField() {
    Config config = ConfigLoader.load(OTHER, Map.of());
    assertEquals(Path.of("elsewhere").toAbsolutePath(), config.data());
    assertEquals("0.0.0.0", config.host());
    assertEquals(9000, config.port());
    assertEquals(Optional.of("sk-secret"), config.apiKey());
    assertEquals("other-base", config.base());
    assertEquals(Optional.of(Path.of("model.gguf").toAbsolutePath()), config.baseSource());
    assertEquals(Optional.of(URI.create("http://127.0.0.1:1/hub")), config.hubUrl());
    assertEquals("python3.12", config.python());
    assertEquals(1024, config.trainerHeapMb());
    assertEquals(256, config.inferenceHeapMb());
    assertEquals(5, config.resumeSeconds());
    assertEquals(Cores.EVEN, config.cores());
    assertEquals(Optional.of(URI.create("http://127.0.0.1:2")), config.wandbUrl());
    assertEquals(Optional.of("wandb-secret"), config.wandbApiKey());
    assertEquals(WebhookReach.ANY, config.webhookAddresses());
    assertEquals(new Prices("eur", new BigDecimal("0.15"), BigDecimal.TWO), config.prices());
    assertEquals("debug", config.logLevel());
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void flagsWinOverTheEnvironmentOverTheFileOverTheDefault(Setting setting) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("LUTHIER_DATA", folder.toString());
    assertEquals("default", origin(setting == Setting.DATA ? Map.of() : environment, setting));

    if (setting != Setting.DATA) {
      Path file = folder.resolve(ConfigLoader.FILE_NAME);
      Files.writeString(file, "# ours\n" + setting.key() + " = \"" + OTHER.get(setting) + "\"\n");
      assertEquals(file + " line 2", origin(environment, setting));
    }
    environment.put(setting.variable(), OTHER.get(setting));
    assertEquals(setting.variable(), origin(environment, setting));

    Config flagged = ConfigLoader.load(Map.of(setting, OTHER.get(setting)), environment);
    assertEquals(setting.flag(), origin(flagged, setting));
  }

  @Test
  void theKeyOfWeightsAndBiasesIsAlsoReadWhereItsOwnProgramsReadIt() {
    Map<String, String> environment = new HashMap<>();
    environment.put("LUTHIER_DATA", folder.toString());
    environment.put("WANDB_API_KEY", "theirs");
    assertEquals(Optional.of("theirs"), ConfigLoader.load(Map.of(), environment).wandbApiKey());
    environment.put("LUTHIER_WANDB_API_KEY", "ours");
    Config config = ConfigLoader.load(Map.of(), environment);
    assertEquals(Optional.of("ours"), config.wandbApiKey());
    assertTrue(config.described().stream().noneMatch(line -> line.contains("ours")));
  }

  @Test
  void anUnknownKeyInTheFileNamesTheNearestAndTheLine() throws IOException {
    Files.writeString(folder.resolve(ConfigLoader.FILE_NAME), "host = '::1'\n\nprot = 9\n");
    String message = refusal(Map.of());
    assertTrue(message.endsWith("line 3: the setting 'prot' is not known; the nearest is 'port'."));
  }

  @Test
  void anUnknownVariableNamesTheNearest() {
    String message = refusal(Map.of("LUTHIER_APIKEY", "x"));
    assertTrue(message.contains("'LUTHIER_APIKEY'") && message.contains("'LUTHIER_API_KEY'"));
  }

  @Test
  void variablesOfTheLauncherAndOfWorkersAreNoSettings() {
    Map<String, String> environment = new HashMap<>();
    Setting.OTHER_VARIABLES.forEach(name -> environment.put(name, "x"));
    environment.put("LUTHIER_DATA", folder.toString());
    assertEquals(8420, ConfigLoader.load(Map.of(), environment).port());
  }

  @Test
  void aValueThatCannotBeNamesItsPlaceAndTheRange() {
    assertEquals(
        "port is '70000' (set by LUTHIER_PORT) and must be a whole number from 0 to 65535.",
        refusal(Map.of("LUTHIER_PORT", "70000")));
    assertTrue(refusal(Map.of("LUTHIER_PORT", "abc")).contains("'abc'"));
    assertTrue(refusal(Map.of("LUTHIER_LOG_LEVEL", "loud")).contains("one of error, warn"));
    assertTrue(
        refusal(Map.of("LUTHIER_CORES", "odd")).endsWith("must be one of answers-first, even."));
    assertTrue(refusal(Map.of("LUTHIER_HUB_URL", "ftp://x")).contains("http or https"));
    assertTrue(refusal(Map.of("LUTHIER_HOST", " ")).contains("must be a value"));
  }

  @Test
  void theDataFolderCannotBeSetInsideItself() throws IOException {
    Files.writeString(folder.resolve(ConfigLoader.FILE_NAME), "data = \"/x\"\n");
    assertTrue(refusal(Map.of()).contains("--data"));
  }

  @Test
  void secretsAreMaskedWhereSettingsAreShown() {
    Config config = ConfigLoader.load(OTHER, Map.of());
    assertTrue(config.described().contains("api_key = ******** (--api-key)"));
    assertFalse(String.join("\n", config.described()).contains("sk-secret"));
    assertTrue(config.described().contains("port = 9000 (--port)"));
  }

  @Test
  void theHubCanBeSwitchedOff() {
    Map<Setting, String> flags = Map.of(Setting.HUB_URL, "off", Setting.DATA, folder.toString());
    assertEquals(Optional.empty(), ConfigLoader.load(flags, Map.of()).hubUrl());
  }

  @Test
  void tomlValuesMayBeQuotedLiteralOrBare() {
    List<FlatToml.Entry> entries =
        FlatToml.parse("a = \"x \\\"y\\\" \\\\ # z\" # c\n\n b='q#\\n'\r\nc = 12 # n\nd=true", "f");
    assertEquals(
        List.of("x \"y\" \\ # z", "q#\\n", "12", "true"),
        entries.stream().map(FlatToml.Entry::value).toList());
    assertEquals(List.of(1, 3, 4, 5), entries.stream().map(FlatToml.Entry::line).toList());
  }

  @Test
  void tomlThatIsNotFlatIsRefusedWithItsLine() {
    for (String bad :
        List.of(
            "[server]",
            "port",
            "a.b = 1",
            "p = [1]",
            "p = \"x",
            "p = 'x",
            "p = 'x' y",
            "p =",
            "p = \"\\n\"")) {
      ConfigException refused =
          assertThrows(ConfigException.class, () -> FlatToml.parse("\n" + bad, "f"), bad);
      assertTrue(Objects.toString(refused.getMessage()).startsWith("f line 2: "), bad);
    }
  }

  private String origin(Map<String, String> environment, Setting setting) {
    return origin(ConfigLoader.load(Map.of(), environment), setting);
  }

  private static String origin(Config config, Setting setting) {
    return Objects.requireNonNull(config.values().get(setting)).origin();
  }

  private String refusal(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("LUTHIER_DATA", folder.toString());
    return Objects.toString(
        assertThrows(ConfigException.class, () -> ConfigLoader.load(Map.of(), all)).getMessage());
  }
}
