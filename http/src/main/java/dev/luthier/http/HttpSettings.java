package dev.luthier.http;

import java.time.Duration;

/// Where the server listens and how patient it is.
///
/// @param host a name or address of this machine
/// @param port 0 takes a free one, see [HttpServer#port]
/// @param stopPatience how long running requests may go on once the server is told to stop
public record HttpSettings(String host, int port, Duration stopPatience) {

  public HttpSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not one of 0 to 65535");
    }
    if (stopPatience.isNegative()) {
      throw new IllegalArgumentException("stopPatience " + stopPatience + " is negative");
    }
  }

  /// With the patience that production has.
  public HttpSettings(String host, int port) {
    this(host, port, Duration.ofSeconds(8));
  }
}
