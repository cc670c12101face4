package dev.luthier.platform.webhooks;

import dev.luthier.platform.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: the rows of endpoints and of what they are told. Safe for many threads; see `Transactions`
/// for durability.
public interface WebhookStore {
  void insert(WebhookEndpoint endpoint);

  /// Writes all but its id and when it was made.
  void update(WebhookEndpoint endpoint);

  /// All, newest first: there are few.
  List<WebhookEndpoint> endpoints();

  /// With all its deliveries; false when there was none.
  boolean delete(String endpointId);

  void insertDelivery(WebhookDelivery delivery);

  /// Those whose time has come, the longest due first.
  List<WebhookDelivery> due(Instant now, int limit);

  /// Adds a try to a delivery and says how it goes on; nothing when it is gone.
  void attempted(
      String deliveryId,
      WebhookDelivery.Attempt attempt,
      WebhookDelivery.State state,
      Optional<Instant> nextAt);

  /// At most `limit + 1` of an endpoint, newest first. Empty when the cursor is unknown.
  Optional<List<WebhookDelivery>> deliveries(String endpointId, PageRequest page);

  /// Removes deliveries that were made before an instant.
  void purge(Instant before);
}
