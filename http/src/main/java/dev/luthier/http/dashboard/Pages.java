package dev.luthier.http.dashboard;

import dev.luthier.http.Routes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// Serves the dashboard's files from the jar, with a policy under which a page loads nothing from
/// elsewhere and runs no script but its own.
public final class Pages implements Routes {
  private static final String FOLDER = "/dev/luthier/dashboard/";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private record Page(String route, String file, String type) {}

  private static final List<Page> FILES =
      List.of(
          new Page("/", "index.html", "text/html; charset=utf-8"),
          new Page("/dashboard/app.js", "app.js", "text/javascript; charset=utf-8"),
          new Page("/dashboard/app.css", "app.css", "text/css; charset=utf-8"),
          new Page("/favicon.ico", "icon.svg", "image/svg+xml"));

  /// A file as it lies in the jar: plain, and compressed by the build.
  private static final class Loaded {
    final Page page;
    final byte[] plain;
    final byte[] gzip;
    final String tag;

    Loaded(Page page) {
      this.page = page;
      plain = read(page.file());
      gzip = read(page.file() + ".gz");
      tag = "\"" + hash(plain) + "\"";
    }
  }

  @Override
  public void addTo(RoutesConfig routes) {
    for (Page page : FILES) {
      var loaded = new Loaded(page);
      routes.get(page.route(), context -> answer(context, loaded));
    }
  }

  private static byte[] read(String name) {
    try (var stream = Pages.class.getResourceAsStream(FOLDER + name)) {
      return Objects.requireNonNull(
              stream, () -> FOLDER + name + " is not on the class path: build `dashboard` first")
          .readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FOLDER + name, e);
    }
  }

  private static void answer(Context context, Loaded file) {
    context.header("content-security-policy", POLICY);
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "no-referrer");
    context.header("cross-origin-opener-policy", "same-origin");
    context.header("cross-origin-resource-policy", "same-origin");
    context.header("vary", "accept-encoding");
    context.header("etag", file.tag);
    if (file.tag.equals(context.header("if-none-match"))) {
      context.status(304);
      return;
    }
    context.contentType(file.page.type());
    boolean compressed =
        Objects.requireNonNullElse(context.header("accept-encoding"), "").contains("gzip");
    if (compressed) {
      context.header("content-encoding", "gzip");
    }
    context.result(compressed ? file.gzip : file.plain);
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(sum, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
