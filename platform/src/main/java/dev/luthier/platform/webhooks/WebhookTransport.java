package dev.luthier.platform.webhooks;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Port: sends a body to an address. Safe for many threads.
public interface WebhookTransport {
  /// The status that is answered; a redirection is an answer like any other. Never waits without
  /// end.
  ///
  /// @throws IOException whose message says why there was none, or why the address is refused
  int post(URI url, Map<String, String> headers, String body) throws IOException;
}
