package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class WebhooksTest {
  private static final String PATH = "/v1/webhook_endpoints";
  private static final String BODY = "{\"name\":\"mine\",\"url\":\"%s\",\"event_types\":[\"%s\"]}";

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

  private JsonNode made() throws IOException {
    return ApiFixture.json(
        api.post(PATH, BODY.formatted("http://127.0.0.1:9/hook", "batch.completed")));
  }

  @Test
  void theSecretIsToldOnce() throws IOException {
    var endpoint = made();
    assertEquals(
        List.of(
            "id",
            "object",
            "created_at",
            "updated_at",
            "name",
            "url",
            "event_types",
            "signing_secret_hint",
            "signing_secret"),
        ApiFixture.keys(endpoint));
    var secret = endpoint.get("signing_secret").asString();
    assertTrue(secret.matches("whsec_[A-Za-z0-9+/]{43}="), secret);
    assertTrue(secret.endsWith(endpoint.get("signing_secret_hint").asString().substring(7)));
    var one = PATH + "/" + endpoint.get("id").asString();
    assertFalse(ApiFixture.json(api.get(one)).has("signing_secret"));
    var list = ApiFixture.json(api.get(PATH));
    assertFalse(list.get("data").get(0).has("signing_secret"));
    var rotated =
        ApiFixture.json(
            api.post(one + "/rotate_secret", "{\"keep_old_secret_active_for_24_hours\":true}"));
    assertFalse(rotated.get("signing_secret").asString().equals(secret));
  }

  @Test
  void whatIsNotNamedStaysAndADeletedOneIsGone() throws IOException {
    var one = PATH + "/" + made().get("id").asString();
    var renamed = ApiFixture.json(api.post(one, "{\"name\":\"other\"}"));
    assertEquals("other", renamed.get("name").asString());
    assertEquals("http://127.0.0.1:9/hook", renamed.get("url").asString());
    assertEquals("batch.completed", renamed.get("event_types").get(0).asString());
    assertEquals(
        "webhook_endpoint.deleted", ApiFixture.json(api.delete(one)).get("object").asString());
    assertEquals(404, api.get(one).status());
    assertEquals(404, api.delete(one).status());
  }

  @Test
  void aTestSaysWhatWasAnsweredAndStandsAmongTheDeliveries() throws IOException {
    var one = PATH + "/" + made().get("id").asString();
    var tested = ApiFixture.json(api.post(one + "/test", "{\"event_type\":\"batch.failed\"}"));
    assertEquals(
        List.of("object", "event_type", "status_code", "success", "webhook_endpoint_id"),
        ApiFixture.keys(tested));
    assertEquals(204, tested.get("status_code").asInt());
    var delivery = ApiFixture.json(api.get(one + "/deliveries")).get("data").get(0);
    assertEquals("delivered", delivery.get("status").asString());
    assertEquals(204, delivery.get("attempts").get(0).get("status_code").asInt());
    assertTrue(delivery.get("next_attempt_at").isNull());
  }

  @Test
  void wrongOnesAreRefused() throws IOException {
    for (var body :
        List.of(
            "{}",
            BODY.formatted("http://127.0.0.1/", "no.such.event"),
            BODY.formatted("not an address", "batch.failed"),
            BODY.formatted("http://127.0.0.1:0/", "batch.failed"),
            BODY.formatted("http://127.0.0.1:99999/", "batch.failed"),
            BODY.formatted("http://169.254.169.254/", "batch.failed"))) {
      assertEquals(400, api.post(PATH, body).status(), body);
    }
    made();
    assertEquals(400, api.get(PATH + "?after=we_none").status());
    assertTrue(ApiFixture.json(api.get("/v1/webhook_event_types")).get("data").size() > 10);
  }
}
