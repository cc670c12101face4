package dev.luthier.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class HttpClientsTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @Test
  void aPlainAddressIsAskedWithoutReadingCertificates() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    try (HttpClient client = HttpClients.of(address, SOON)) {
      var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());

      assertEquals("ok", answer.body());
      assertEquals(HttpClient.Version.HTTP_1_1, client.version());
      assertTrue(client.sslContext().getProvider().getServices().isEmpty());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aPlainClientRefusesTls() {
    var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:9/")).build();
    try (HttpClient client = HttpClients.plain(SOON)) {
      var refused =
          assertThrows(Exception.class, () -> client.send(request, BodyHandlers.discarding()));
      var trace = new StringWriter();
      refused.printStackTrace(new PrintWriter(trace));
      assertTrue(trace.toString().contains("asks addresses without TLS only"), trace::toString);
    }
  }

  @Test
  void anAddressWithTlsIsAskedWithWhatTheMachineTrusts() throws NoSuchAlgorithmException {
    try (HttpClient client = HttpClients.of(URI.create("https://127.0.0.1:9/"), SOON)) {
      assertSame(SSLContext.getDefault(), client.sslContext());
    }
  }
}
