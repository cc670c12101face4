package dev.luthier.http.api;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.webhooks.WebhookDelivery;
import dev.luthier.platform.webhooks.WebhookEndpoint;
import dev.luthier.platform.webhooks.WebhookStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The rows of webhooks in memory.
final class MemoryWebhooks implements WebhookStore {
  private final List<WebhookEndpoint> endpoints = new ArrayList<>();
  private final List<WebhookDelivery> deliveries = new ArrayList<>();

  @Override
  public synchronized void insert(WebhookEndpoint endpoint) {
    endpoints.add(endpoint);
  }

  @Override
  public synchronized void update(WebhookEndpoint endpoint) {
    endpoints.replaceAll(row -> row.id().equals(endpoint.id()) ? endpoint : row);
  }

  @Override
  public synchronized List<WebhookEndpoint> endpoints() {
    return List.copyOf(endpoints.reversed());
  }

  @Override
  public synchronized boolean delete(String endpointId) {
    deliveries.removeIf(row -> row.endpointId().equals(endpointId));
    return endpoints.removeIf(row -> row.id().equals(endpointId));
  }

  @Override
  public synchronized void insertDelivery(WebhookDelivery delivery) {
    deliveries.add(delivery);
  }

  @Override
  public List<WebhookDelivery> due(Instant now, int limit) {
    return List.of();
  }

  @Override
  public synchronized void attempted(
      String deliveryId,
      WebhookDelivery.Attempt attempt,
      WebhookDelivery.State state,
      Optional<Instant> nextAt) {
    deliveries.replaceAll(row ->
        row.id().equals(deliveryId)
            ? new WebhookDelivery(
                row.id(),
                row.endpointId(),
                row.type(),
                row.body(),
                row.createdAt(),
                state,
                nextAt,
                Stream.concat(row.attempts().stream(), Stream.of(attempt)).toList())
            : row);
  }

  @Override
  public synchronized Optional<List<WebhookDelivery>> deliveries(
      String endpointId, PageRequest page) {
    var own = deliveries.stream().filter(row -> row.endpointId().equals(endpointId)).toList();
    return Pages.cut(own.reversed(), WebhookDelivery::id, page);
  }

  @Override
  public void purge(Instant before) {}
}
