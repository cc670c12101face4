package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys are made, listed and revoked.
class KeysTest {
  private static final String KEYS = "/v1/organization/admin_api_keys";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private int with(String key) throws IOException {
    var request = ApiFixture.request("GET", "/v1/models", "").replace(ApiFixture.KEY, key);
    return RawHttp.exchange(api.port(), request).status();
  }

  @Test
  void aKeyIsGoodFromItsMakingToItsEnd() throws Exception {
    var made = ApiFixture.json(api.post(KEYS, "{\"name\":\"laptop\"}"));
    var secret = made.get("value").asString();
    assertEquals(200, with(secret));
    assertEquals("laptop", made.get("name").asString());
    var listed = api.get(KEYS);
    assertFalse(listed.text().contains(secret), listed.text());
    var ids = ApiFixture.json(listed).get("data").valueStream().map(key -> key.get("id")).toList();
    assertTrue(ids.contains(made.get("id")), listed.text());
    var path = KEYS + "/" + made.get("id").asString();
    assertFalse(ApiFixture.json(api.get(path)).has("value"));
    assertEquals(200, api.delete(path).status());
    assertEquals(401, with(secret), "at once");
    assertEquals(404, api.delete(path).status());
    assertEquals(200, with(ApiFixture.KEY), "others stay");
    assertEquals(400, api.post(KEYS, "{\"name\":\"\"}").status());
  }
}
