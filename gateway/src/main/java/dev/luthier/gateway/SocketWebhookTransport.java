package dev.luthier.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.luthier.platform.webhooks.WebhookReach;
import dev.luthier.platform.webhooks.WebhookTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Sends webhooks to addresses that were looked at: it connects to the very address that it has
/// checked, so that a name cannot mean one machine while it is checked and another when it is
/// called. The JDK's HTTP client resolves names by itself, hence a socket.
public final class SocketWebhookTransport implements WebhookTransport {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int STATUS_LINE_MAX = 1_024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");

  private final WebhookReach reach;
  private final Duration within;

  public SocketWebhookTransport(WebhookReach reach) {
    this(reach, Duration.ofSeconds(15));
  }

  /// @param within how long an answer may take
  SocketWebhookTransport(WebhookReach reach, Duration within) {
    this.reach = reach;
    this.within = within;
  }

  @Override
  public int post(URI url, Map<String, String> headers, String body) throws IOException {
    long end = System.nanoTime() + within.toNanos();
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(checked(url.getHost()), port), CONNECT_MILLIS);
      plain.setSoTimeout(Math.toIntExact(within.toMillis()));
      try (Socket socket = secure ? secured(plain, url.getHost(), port) : plain) {
        socket.getOutputStream().write(request(url, headers, body));
        socket.getOutputStream().flush();
        return status(socket, end);
      }
    } catch (SocketTimeoutException e) {
      throw new IOException("no answer within " + within.toSeconds() + " s", e);
    }
  }

  /// The first address of a host, where none of its addresses is refused.
  private InetAddress checked(String host) throws IOException {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw new IOException("the host " + host + " is unknown", e);
    }
    for (InetAddress address : addresses) {
      Optional<String> objection = reach.objection(address);
      if (objection.isPresent()) {
        throw new IOException(objection.get());
      }
    }
    return addresses[0];
  }

  private static Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be the host's
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] request(URI url, Map<String, String> headers, String body)
      throws IOException {
    byte[] content = body.getBytes(UTF_8);
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    var head = new StringBuilder("POST ").append(path);
    if (url.getRawQuery() != null) {
      head.append('?').append(url.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(url.getHost());
    if (url.getPort() >= 0) {
      head.append(':').append(url.getPort());
    }
    head.append("\r\nConnection: close\r\nContent-Length: ").append(content.length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    var request = new ByteArrayOutputStream();
    request.write(head.append("\r\n").toString().getBytes(UTF_8));
    request.write(content);
    return request.toByteArray();
  }

  /// Reads no more than the status: nobody cares for the rest.
  private static int status(Socket socket, long end) throws IOException {
    InputStream in = socket.getInputStream();
    var line = new ByteArrayOutputStream();
    while (line.size() < STATUS_LINE_MAX) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout(Math.toIntExact(left));
      int next = in.read();
      if (next < 0 || next == '\n') {
        break;
      }
      line.write(next);
    }
    Matcher status = STATUS.matcher(line.toString(ISO_8859_1).stripTrailing());
    if (!status.matches()) {
      throw new IOException("what answers does not speak HTTP/1");
    }
    return Integer.parseInt(status.group(1));
  }
}
