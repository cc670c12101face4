package dev.luthier.wire;

import java.io.Serial;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Clients by which the processes of one installation ask each other, over HTTP/1.1.
///
/// Java's client reads every certificate that the machine trusts as soon as it is made, a few
/// tenths of a second in the start of a server, a worker or a command. Within a machine nobody
/// speaks TLS, so clients of plain addresses are made without.
public final class HttpClients {
  private HttpClients() {}

  /// A client of one server, with TLS where its address begins with `https:`.
  ///
  /// @param connectWithin how long it may take to reach the server
  public static HttpClient of(URI server, Duration connectWithin) {
    return "https".equalsIgnoreCase(server.getScheme())
        ? builder(connectWithin).build()
        : plain(connectWithin);
  }

  /// A client of addresses that begin with `http:`; others are refused when they are asked.
  public static HttpClient plain(Duration connectWithin) {
    return builder(connectWithin).sslContext(new NoTls()).build();
  }

  private static HttpClient.Builder builder(Duration connectWithin) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(connectWithin);
  }

  private static final class NoTls extends SSLContext {
    NoTls() {
      super(new Refusal(), new Nobody(), "none");
    }
  }

  private static final class Nobody extends Provider {
    @Serial private static final long serialVersionUID = 1;

    Nobody() {
      super("none", "1", "offers nothing");
    }
  }

  private static final class Refusal extends SSLContextSpi {
    private static UnsupportedOperationException refused() {
      return new UnsupportedOperationException("this client asks addresses without TLS only");
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return new SSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return new SSLParameters();
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random) {
      throw refused();
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw refused();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw refused();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw refused();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      throw refused();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      throw refused();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      throw refused();
    }
  }
}
