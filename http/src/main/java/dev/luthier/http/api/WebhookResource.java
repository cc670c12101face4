package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.Fields;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.request.Value;
import dev.luthier.platform.Page;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.webhooks.WebhookDelivery;
import dev.luthier.platform.webhooks.WebhookEndpoint;
import dev.luthier.platform.webhooks.WebhookEvents;
import dev.luthier.platform.webhooks.WebhookService;
import dev.luthier.platform.webhooks.WebhookSettings;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.WebhookDeliveryObject;
import dev.luthier.wire.api.WebhookEndpointObject;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/v1/webhook_endpoints`, as OpenAI's newest clients ask them.
public final class WebhookResource {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;
  private static final int NAME_MAX = 200;
  private static final int URL_MAX = 2_000;
  private static final int PORT_MAX = 65_535;

  private final WebhookService webhooks;

  public WebhookResource(WebhookService webhooks) {
    this.webhooks = webhooks;
  }

  void types(Context context) {
    Answers.json(context, Map.of("object", "list", "data", WebhookEvents.TYPES));
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var endpoint =
        webhooks.create(
            new WebhookSettings(
                body.required("name").string(NAME_MAX),
                url(body.required("url")),
                types(body.required("event_types"))));
    Answers.json(context, object(endpoint, Optional.of(endpoint.secret())));
  }

  private static URI url(Value value) {
    try {
      var url = new URI(value.string(URL_MAX));
      if (url.getPort() == 0 || url.getPort() > PORT_MAX) {
        throw value.refusal(
            ErrorCode.INVALID_VALUE,
            "Invalid '%s': its port is " + url.getPort() + "; ports are 1 to " + PORT_MAX + ".");
      }
      return url;
    } catch (URISyntaxException e) {
      throw value.refusal(
          ErrorCode.INVALID_VALUE, "Invalid '%s': it is not an address (" + e.getReason() + ").");
    }
  }

  private static List<String> types(Value value) {
    return value.filledArray(100).stream()
        .map(type -> type.oneOf(WebhookEvents.TYPES))
        .distinct()
        .toList();
  }

  void list(Context context) {
    var query = PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX);
    var all = webhooks.list();
    var ids = all.stream().map(WebhookEndpoint::id).toList();
    int start = query.after().map(id -> ids.indexOf(id) + 1).orElse(0);
    if (query.after().isPresent() && start == 0) {
      throw ApiException.invalidValue(
          "after",
          Value.shortened(query.after().get()),
          "It is not the id of an entry of this list.");
    }
    var page = Page.cut(all.subList(start, all.size()), query.limit());
    Answers.json(
        context,
        CursorPage.of(
            page.data().stream().map(endpoint -> object(endpoint, Optional.empty())).toList(),
            WebhookEndpointObject::id,
            page.hasMore()));
  }

  void get(Context context) {
    Answers.json(context, object(webhooks.get(id(context)), Optional.empty()));
  }

  /// What is not named stays as it is.
  void update(Context context) throws IOException {
    var body = JsonBody.read(context);
    var old = webhooks.get(id(context));
    var settings =
        new WebhookSettings(
            body.optional("name").map(value -> value.string(NAME_MAX)).orElse(old.name()),
            body.optional("url").map(WebhookResource::url).orElse(old.url()),
            body.optional("event_types").map(WebhookResource::types).orElse(old.eventTypes()));
    Answers.json(context, object(webhooks.update(old.id(), settings), Optional.empty()));
  }

  /// A deleted endpoint.
  private record Deleted(String id, String object, boolean deleted) {}

  void delete(Context context) {
    webhooks.delete(id(context));
    Answers.json(context, new Deleted(id(context), "webhook_endpoint.deleted", true));
  }

  void rotate(Context context) throws IOException {
    boolean keepOld = flag(JsonBody.read(context), "keep_old_secret_active_for_24_hours");
    var endpoint = webhooks.rotate(id(context), keepOld);
    Answers.json(context, object(endpoint, Optional.of(endpoint.secret())));
  }

  private static boolean flag(Fields body, String name) {
    return body.optional(name).map(Value::bool).orElse(false);
  }

  /// What came of a test.
  private record Tested(
      String object, String eventType, int statusCode, boolean success, String webhookEndpointId) {}

  void test(Context context) throws IOException {
    var type = JsonBody.read(context).required("event_type").oneOf(WebhookEvents.TYPES);
    int status = webhooks.test(id(context), type);
    Answers.json(context, new Tested("webhook_endpoint.test", type, status, true, id(context)));
  }

  /// Not OpenAI's: what an endpoint was told, with every try.
  void deliveries(Context context) {
    var page = webhooks.deliveries(id(context), PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX));
    Answers.json(
        context,
        CursorPage.of(
            page.data().stream().map(WebhookResource::object).toList(),
            WebhookDeliveryObject::id,
            page.hasMore()));
  }

  private static WebhookEndpointObject object(WebhookEndpoint endpoint, Optional<String> secret) {
    return new WebhookEndpointObject(
        endpoint.id(),
        "webhook_endpoint",
        endpoint.createdAt().getEpochSecond(),
        endpoint.updatedAt().getEpochSecond(),
        endpoint.name(),
        endpoint.url().toString(),
        endpoint.eventTypes(),
        endpoint.secretHint(),
        secret);
  }

  private static WebhookDeliveryObject object(WebhookDelivery delivery) {
    return new WebhookDeliveryObject(
        delivery.id(),
        "webhook_delivery",
        delivery.type(),
        delivery.state().text(),
        delivery.createdAt().getEpochSecond(),
        delivery.nextAt().map(Instant::getEpochSecond),
        delivery.attempts().stream()
            .map(attempt ->
                new WebhookDeliveryObject.Attempt(
                    attempt.at().getEpochSecond(),
                    attempt.millis(),
                    attempt.status().stream().boxed().findFirst(),
                    attempt.error()))
            .toList());
  }

  private static String id(Context context) {
    return context.pathParam("id");
  }
}
