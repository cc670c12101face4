package dev.luthier.app.serve;

import dev.luthier.app.cli.Servers.StartException;
import dev.luthier.http.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Set;

/// Where the server listens, said before anything long is begun.
final class Ports {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "*");

  private Ports() {}

  /// `port` itself, or a free one for 0; one sentence when it is taken.
  static int free(String host, int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new StartException("The host '" + host + "' is not known; choose one by --host.");
      }
      probe.bind(address);
      return probe.getLocalPort();
    } catch (BindException taken) {
      throw refused(host, port, taken);
    }
  }

  static void start(HttpServer server, String host, int port) {
    try {
      server.start();
    } catch (RuntimeException failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException taken) {
          throw refused(host, port, taken);
        }
      }
      throw failure;
    }
  }

  private static StartException refused(String host, int port, BindException reason) {
    return new StartException(
        "Cannot listen on port "
            + port
            + " of "
            + host
            + " ("
            + reason.getMessage()
            + "); stop the program that does, or choose another by --port.");
  }

  static URI url(String host, int port) {
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + literal + ":" + port);
  }

  /// As this machine's own processes reach it.
  static URI localUrl(String host, int port) {
    return url(EVERYWHERE.contains(host) ? "127.0.0.1" : host, port);
  }
}
