package dev.luthier.app.bases;

import dev.luthier.engine.weights.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Fetches files of a hub repository, `GET {hub}/{repository}/resolve/{revision}/{file}`.
///
/// A file lies under `.part` until it is whole; a broken transfer goes on there, checked by the
/// entity tag. Where the hub says a sha256 (the linked entity tag of large files), the bytes must
/// have it.
final class HubDownload {
  private static final Duration CONNECT = Duration.ofSeconds(4);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 3;
  private static final long FILE_BYTES_MAX = 64L << 30;
  private static final int REDIRECTS_MAX = 5;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final URI hub;

  HubDownload(URI hub) {
    this.hub = hub;
  }

  /// Puts every file of the repository into `folder`; those already whole are kept.
  void fetch(BaseSource.Hub source, Path folder, Stages stages)
      throws IOException, InterruptedException {
    for (String name : source.files()) {
      if (!Files.exists(folder.resolve(name))) {
        fetch(address(source, name), name, folder, stages);
      }
    }
  }

  private URI address(BaseSource.Hub source, String name) {
    return URI.create(
        hub + "/" + source.repository() + "/resolve/" + source.revision() + "/" + name);
  }

  private void fetch(URI address, String name, Path folder, Stages stages)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        transfer(address, name, folder, stages);
        return;
      } catch (IOException broken) {
        if (attempt == ATTEMPTS || broken instanceof java.net.ConnectException) {
          throw broken;
        }
        stages.say(name + ": the transfer broke (" + broken.getMessage() + "), going on");
      }
    }
  }

  private void transfer(URI address, String name, Path folder, Stages stages)
      throws IOException, InterruptedException {
    Path part = folder.resolve(name + ".part");
    Path tagFile = folder.resolve(name + ".tag");
    long have = Files.exists(part) && Files.exists(tagFile) ? Files.size(part) : 0;
    String tag = have > 0 ? Files.readString(tagFile) : "";
    Optional<String> sha256 = Optional.empty();
    for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
      HttpResponse<InputStream> response =
          Client.HTTP.send(request(address, have, tag), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        sha256 = sha256.or(() -> linkedSha256(response));
        if (response.statusCode() / 100 == 3) {
          address = next(address, response);
          continue;
        }
        if (response.statusCode() == 416) {
          // The part is as long as the file or longer: it was cut off before its hash was checked.
          Files.deleteIfExists(part);
          throw new IOException("what an earlier try has left does not fit");
        }
        Files.writeString(tagFile, response.headers().firstValue("etag").orElse(""));
        long from = start(response, address, have);
        receive(body, part, from, total(response, from), name, stages);
      }
      finish(part, folder.resolve(name), sha256, name);
      Files.deleteIfExists(tagFile);
      return;
    }
    throw new BaseException(name + " is redirected more than " + REDIRECTS_MAX + " times.");
  }

  private static HttpRequest request(URI address, long have, String tag) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(ANSWER);
    if (have > 0 && !tag.isEmpty()) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", tag);
    }
    return request.build();
  }

  private static URI next(URI address, HttpResponse<?> response) throws IOException {
    String location =
        response
            .headers()
            .firstValue("location")
            .orElseThrow(() -> new IOException("a redirect without a location"));
    URI next = address.resolve(location);
    if (address.getScheme().equals("https") && !"https".equals(next.getScheme())) {
      throw new BaseException("the hub redirects from https to " + next.getScheme() + "; refused.");
    }
    return next;
  }

  /// Where the answer's bytes begin in the file: 0 when the server sends all of it.
  private static long start(HttpResponse<?> response, URI address, long have) {
    return switch (response.statusCode()) {
      case 200 -> 0;
      case 206 -> have;
      default ->
          throw new BaseException(
              "the hub answers " + response.statusCode() + " for " + address + ".");
    };
  }

  private static long total(HttpResponse<?> response, long from) throws IOException {
    OptionalLong length = response.headers().firstValueAsLong("content-length");
    long total = from + length.orElseThrow(() -> new IOException("no content length"));
    if (total > FILE_BYTES_MAX) {
      throw new BaseException("a file of " + total + " bytes exceeds " + FILE_BYTES_MAX + ".");
    }
    return total;
  }

  private static void receive(
      InputStream body, Path part, long from, long total, String name, Stages stages)
      throws IOException {
    stages.begin("fetching " + name, total);
    long at = from;
    try (OutputStream out =
        from == 0
            ? Files.newOutputStream(part)
            : Files.newOutputStream(part, StandardOpenOption.APPEND)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0 && at < total; n = body.read(buffer)) {
        int kept = (int) Math.min(n, total - at);
        out.write(buffer, 0, kept);
        at += kept;
        stages.at(at);
      }
    } finally {
      stages.end();
    }
    if (at < total) {
      throw new IOException("ended after " + at + " of " + total + " bytes");
    }
  }

  private static void finish(Path part, Path target, Optional<String> sha256, String name)
      throws IOException {
    if (sha256.isPresent()) {
      String found = Sha256.of(part);
      if (!found.equals(sha256.get())) {
        Files.delete(part);
        throw new BaseException(
            name + " has sha256 " + found + ", the hub says " + sha256.get() + "; it is not used.");
      }
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Optional<String> linkedSha256(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("x-linked-etag")
        .map(tag -> tag.replace("\"", ""))
        .filter(tag -> SHA256.matcher(tag).matches());
  }

  /// Made with the first request: it reads every certificate that the machine trusts, which a start
  /// without a download has no time for.
  private static final class Client {
    static final HttpClient HTTP =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }
}
