package dev.luthier.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.app.cli.Servers;
import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import dev.luthier.app.config.Config;
import dev.luthier.app.config.ConfigLoader;
import dev.luthier.app.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Aliases as pages and commands make them, on the whole server as it is wired.
@Timeout(60)
class AliasRoutesTest {
  private static final String ALIASES = "/internal/ui/aliases";

  @TempDir Path folder;
  private DataFolder data;
  private Servers.Running server;
  private ApiClient user;

  @BeforeEach
  void open() throws IOException {
    Config config =
        ConfigLoader.load(
            Map.of(Setting.DATA, folder.resolve("data").toString(), Setting.BASE, "first"),
            Map.of());
    data = DataFolder.hold(config.data());
    for (String base : List.of("first", "second")) {
      Path place = Files.createDirectories(data.resolve("bases").resolve(base));
      Files.writeString(place.resolve("base.json"), "{}");
    }
    server = new Wiring(config, _ -> new PlayedWorkers()).wire(data, Ports.free("127.0.0.1", 0));
    user = new ApiClient(server.url(), server.localKey());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    data.close();
  }

  private void restart() throws IOException {
    close();
    open();
  }

  private Optional<JsonNode> listed(String name) {
    return StreamSupport.stream(user.get(ALIASES).path("data").spliterator(), false)
        .filter(alias -> alias.path("name").asString().equals(name))
        .findFirst();
  }

  private String baseOf(String name) {
    return user.get("models/" + ApiClient.part(name)).path("id").asString();
  }

  private static String refusal(int status, Executable request) {
    ApiFailure failure = assertThrows(ApiFailure.class, request);
    assertEquals(status, failure.status(), failure.getMessage());
    return Objects.toString(failure.getMessage());
  }

  private JsonNode make(String name, String model) {
    return user.post(ALIASES, Map.of("name", name, "model", model));
  }

  private JsonNode set(String name, String model) {
    return user.put(ALIASES + "/" + ApiClient.part(name), Map.of("model", model));
  }

  private void remove(String name) {
    user.delete(ALIASES + "/" + ApiClient.part(name));
  }

  @Test
  void anAliasIsMadeMovedAndRemovedAndOutlivesAStart() throws Exception {
    make("team/fast", "second");
    assertEquals("second", baseOf("team/fast"));
    restart();
    assertEquals("second", baseOf("team/fast"));
    set("team/fast", "first");
    assertEquals("first", baseOf("team/fast"));
    assertFalse(listed("team/fast").orElseThrow().path("built_in").asBoolean());
    remove("team/fast");
    assertTrue(listed("team/fast").isEmpty());
    refusal(404, () -> baseOf("team/fast"));
    refusal(404, () -> remove("team/fast"));
  }

  @Test
  void aBuiltInNameIsMovedRemovedAndSetBack() throws Exception {
    assertTrue(listed("gpt-4o").orElseThrow().path("built_in").asBoolean());
    set("gpt-4o", "second");
    assertEquals("second", baseOf("gpt-4o"));
    remove("gpt-4o");
    restart();
    refusal(404, () -> baseOf("gpt-4o"));
    make("gpt-4o", "first");
    assertTrue(listed("gpt-4o").orElseThrow().path("built_in").asBoolean());
    assertEquals("first", baseOf("gpt-4o"));
  }

  @Test
  void whatCannotBeAnAliasIsRefusedWithTheReason() {
    make("mine", "first");
    assertTrue(refusal(409, () -> make("mine", "second")).contains("it is an alias of 'first'"));
    assertTrue(refusal(409, () -> make("second", "first")).contains("a model is called so"));
    assertTrue(refusal(409, () -> set("second", "first")).contains("a model is called so"));
    assertTrue(
        refusal(400, () -> make("other", "mine"))
            .contains("the model that it stands for: 'first'"));
    assertTrue(refusal(404, () -> make("other", "ft:nobody")).contains("ft:nobody"));
    assertTrue(refusal(400, () -> make("with space", "first")).contains("1 to 200 letters"));
    assertTrue(refusal(400, () -> user.post(ALIASES, Map.of("name", "x"))).contains("model"));
    assertEquals("first", baseOf("mine"));
  }

  @Test
  void aModelIsNotDeletedByItsAliasAndABaseThatCameLaterHidesOne() throws Exception {
    assertTrue(refusal(403, () -> user.delete("models/gpt-4o")).contains("is a base"));
    make("third", "first");
    Path place = Files.createDirectories(data.resolve("bases/third"));
    Files.writeString(place.resolve("base.json"), "{}");
    assertEquals("third", baseOf("third"));
  }

  @Test
  void anAliasWhoseModelIsGoneIsToldAsSuch() throws Exception {
    make("mine", "second");
    Files.delete(data.resolve("bases/second/base.json"));
    assertFalse(listed("mine").orElseThrow().path("answers").asBoolean());
    refusal(404, () -> baseOf("mine"));
  }
}
