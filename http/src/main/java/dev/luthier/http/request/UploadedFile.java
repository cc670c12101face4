package dev.luthier.http.request;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// A file of an uploaded form, lying on disk until the form is closed.
public final class UploadedFile {

  /// What a file is called whose part names none, as Python's client calls bytes without a name.
  private static final String NAMELESS = "upload";

  private static final Pattern EXTENDED_NAME =
      Pattern.compile("(?i);\\s*filename\\*\\s*=\\s*UTF-8'[^']*'([^;\\s]+)");

  private final Part part;

  UploadedFile(Part part) {
    this.part = part;
  }

  /// The client's name for it, without any folders; only ever shown, never a path.
  public String name() {
    var name = extendedName().or(() -> Optional.ofNullable(part.getSubmittedFileName())).orElse("");
    var last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return last.isBlank() ? NAMELESS : last;
  }

  /// The caller closes the stream.
  public InputStream open() throws IOException {
    return part.getInputStream();
  }

  /// Of its bytes, which are read for it.
  public String sha256() throws IOException {
    try (var content = new DigestInputStream(open(), MessageDigest.getInstance("SHA-256"))) {
      content.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(content.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// `filename*=UTF-8''…`, which goes before the plain name.
  private Optional<String> extendedName() {
    var header = Optional.ofNullable(part.getHeader("Content-Disposition")).orElse("");
    var match = EXTENDED_NAME.matcher(header);
    if (!match.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          URLDecoder.decode(match.group(1).replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notPercentEncoded) {
      return Optional.empty();
    }
  }
}
