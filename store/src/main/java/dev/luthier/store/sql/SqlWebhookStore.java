package dev.luthier.store.sql;

import dev.luthier.platform.Bell;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.webhooks.WebhookDelivery;
import dev.luthier.platform.webhooks.WebhookEndpoint;
import dev.luthier.platform.webhooks.WebhookStore;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of webhook endpoints and of what they are told.
public final class SqlWebhookStore implements WebhookStore {
  private final Database database;
  private final Bell posted;

  public SqlWebhookStore(Database database) {
    this(database, new Bell());
  }

  /// @param posted rung for every new delivery
  public SqlWebhookStore(Database database, Bell posted) {
    this.database = database;
    this.posted = posted;
  }

  @Override
  public void insert(WebhookEndpoint endpoint) {
    database.write(handle -> {
      changing(endpoint)
          .put("id", endpoint.id())
          .put("position", next(handle, "webhook_endpoints"))
          .time("created_at", endpoint.createdAt())
          .insert(handle, "webhook_endpoints");
      return true;
    });
  }

  private static Row changing(WebhookEndpoint endpoint) {
    return new Row()
        .time("updated_at", endpoint.updatedAt())
        .put("name", endpoint.name())
        .put("url", endpoint.url().toString())
        .put("event_types", String.join(" ", endpoint.eventTypes()))
        .put("secret", endpoint.secret())
        .put("earlier_secret", endpoint.earlier().map(WebhookEndpoint.EarlierSecret::secret))
        .time("earlier_until", endpoint.earlier().map(WebhookEndpoint.EarlierSecret::until));
  }

  private static long next(Handle handle, String table) {
    return handle
        .createQuery("select coalesce(max(position), 0) + 1 from " + table)
        .mapTo(long.class)
        .one();
  }

  @Override
  public void update(WebhookEndpoint endpoint) {
    database.write(handle -> {
      var row = changing(endpoint);
      return handle
          .createUpdate("update webhook_endpoints set " + row.assignments() + " where id = :id")
          .bindMap(row.columns())
          .bind("id", endpoint.id())
          .execute();
    });
  }

  @Override
  public List<WebhookEndpoint> endpoints() {
    return database.read(handle ->
        handle
            .createQuery("select * from webhook_endpoints order by position desc")
            .map((row, _) -> endpoint(row))
            .list());
  }

  @Override
  public boolean delete(String endpointId) {
    return database.write(
        handle -> handle.execute("delete from webhook_endpoints where id = ?", endpointId) == 1);
  }

  @Override
  public void insertDelivery(WebhookDelivery delivery) {
    database.write(handle -> {
      new Row()
          .put("id", delivery.id())
          .put("position", next(handle, "webhook_deliveries"))
          .put("endpoint_id", delivery.endpointId())
          .put("type", delivery.type())
          .put("body", delivery.body())
          .time("created_at", delivery.createdAt())
          .put("state", delivery.state().text())
          .time("next_at", delivery.nextAt())
          .insert(handle, "webhook_deliveries");
      handle.afterCommit(posted::ring);
      return true;
    });
  }

  @Override
  public List<WebhookDelivery> due(Instant now, int limit) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from webhook_deliveries where next_at <= :now order by next_at"
                    + " limit :limit")
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .map((row, _) -> delivery(row, handle))
            .list());
  }

  @Override
  public void attempted(
      String deliveryId,
      WebhookDelivery.Attempt attempt,
      WebhookDelivery.State state,
      Optional<Instant> nextAt) {
    database.write(handle -> {
      int updated =
          handle
              .createUpdate(
                  "update webhook_deliveries set state = :state, next_at = :next where id = :id")
              .bind("state", state.text())
              .bind("next", nextAt.map(Instant::toEpochMilli).orElse(null))
              .bind("id", deliveryId)
              .execute();
      if (updated == 1) {
        long number =
            handle
                .createQuery(
                    "select coalesce(max(number), 0) + 1 from webhook_attempts"
                        + " where delivery_id = :id")
                .bind("id", deliveryId)
                .mapTo(long.class)
                .one();
        new Row()
            .put("delivery_id", deliveryId)
            .put("number", number)
            .time("at", attempt.at())
            .put("millis", attempt.millis())
            .put("status", attempt.status())
            .put("error", attempt.error())
            .insert(handle, "webhook_attempts");
      }
      return true;
    });
  }

  @Override
  public Optional<List<WebhookDelivery>> deliveries(String endpointId, PageRequest page) {
    return database.read(handle -> {
      Optional<Long> cursor =
          page.after().isEmpty()
              ? Optional.of(Long.MAX_VALUE)
              : handle
                  .createQuery(
                      "select position from webhook_deliveries where id = :id"
                          + " and endpoint_id = :endpoint")
                  .bind("id", page.after().get())
                  .bind("endpoint", endpointId)
                  .mapTo(Long.class)
                  .findOne();
      return cursor.map(position ->
          handle
              .createQuery(
                  "select * from webhook_deliveries where endpoint_id = :endpoint"
                      + " and position < :cursor order by position desc limit :limit")
              .bind("endpoint", endpointId)
              .bind("cursor", position)
              .bind("limit", page.limit() + 1)
              .map((row, _) -> delivery(row, handle))
              .list());
    });
  }

  @Override
  public void purge(Instant before) {
    database.purge("webhook_deliveries", before);
  }

  private static WebhookEndpoint endpoint(ResultSet row) throws SQLException {
    Optional<Instant> until = Row.optionalTime(row, "earlier_until");
    Optional<String> earlier = Row.optionalText(row, "earlier_secret");
    return new WebhookEndpoint(
        row.getString("id"),
        Row.time(row, "created_at"),
        Row.time(row, "updated_at"),
        row.getString("name"),
        URI.create(row.getString("url")),
        List.of(row.getString("event_types").split(" ", -1)),
        row.getString("secret"),
        earlier.flatMap(
            secret -> until.map(end -> new WebhookEndpoint.EarlierSecret(secret, end))));
  }

  private static WebhookDelivery delivery(ResultSet row, Handle handle) throws SQLException {
    String id = row.getString("id");
    return new WebhookDelivery(
        id,
        row.getString("endpoint_id"),
        row.getString("type"),
        row.getString("body"),
        Row.time(row, "created_at"),
        WebhookDelivery.State.of(row.getString("state")),
        Row.optionalTime(row, "next_at"),
        handle
            .createQuery("select * from webhook_attempts where delivery_id = :id order by number")
            .bind("id", id)
            .map((attempt, _) ->
                new WebhookDelivery.Attempt(
                    Row.time(attempt, "at"),
                    attempt.getLong("millis"),
                    Row.optionalInt(attempt, "status"),
                    Row.optionalText(attempt, "error")))
            .list());
  }
}
