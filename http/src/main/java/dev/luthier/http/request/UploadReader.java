package dev.luthier.http.request;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import io.javalin.http.Context;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/// Reads uploads: spools the parts of a multipart form to disk, in whatever order they come, so
/// that the purpose may stand behind the file and memory stays flat.
public final class UploadReader {

  /// What the fields beside the file may hold together, with the parts' headers.
  private static final long FIELDS_BYTES_MAX = 1024 * 1024;

  /// So much too much is still read to its end: most clients only listen when they have sent all of
  /// a request, and would otherwise see a closed connection in place of the refusal.
  private static final long EXCESS_BYTES_MAX = 64L * 1024 * 1024;

  private final Path folder;
  private final long fileBytesMax;

  /// @param folder of this reader alone, on the file system of the stored files; what an earlier
  ///   process left in it when it was killed is removed
  /// @param fileBytesMax the most bytes of one file
  public UploadReader(Path folder, long fileBytesMax) {
    this.folder = folder;
    this.fileBytesMax = fileBytesMax;
    empty(folder);
  }

  /// The form of a request; the caller closes it, which removes what was spooled.
  public UploadForm read(Context context) throws IOException {
    var type = Optional.ofNullable(context.contentType()).orElse("nothing");
    if (!type.regionMatches(true, 0, "multipart/form-data", 0, "multipart/form-data".length())) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "A file is uploaded as multipart/form-data with the parts 'file' and 'purpose', but the"
              + " Content-Type of the request is "
              + Value.shortened(type)
              + ".",
          Optional.empty());
    }
    context
        .req()
        .setAttribute(
            ServletContextRequest.MULTIPART_CONFIG_ELEMENT,
            new MultipartConfigElement(
                folder.toString(),
                fileBytesMax + EXCESS_BYTES_MAX,
                fileBytesMax + EXCESS_BYTES_MAX + FIELDS_BYTES_MAX,
                0));
    try {
      return checked(new UploadForm(context.req().getParts()));
    } catch (ServletException | IllegalStateException broken) {
      throw refusal(rootOf(broken));
    }
  }

  private UploadForm checked(UploadForm form) throws IOException {
    if (form.longestPart() > fileBytesMax) {
      long bytes = form.longestPart();
      form.close();
      throw tooLarge(bytes + " arrived");
    }
    return form;
  }

  private ApiException refusal(Throwable reason) {
    var text = String.valueOf(reason.getMessage());
    // Jetty has no type of its own for this.
    if (text.startsWith("max ")) {
      return tooLarge("more arrived");
    }
    return new ApiException(
        ErrorCode.INVALID_REQUEST,
        "The multipart/form-data body could not be read: " + Value.shortened(text) + ".",
        Optional.empty());
  }

  private ApiException tooLarge(String arrived) {
    return new ApiException(
        ErrorCode.TOO_LARGE,
        "The file is too large: one file may hold %d bytes, and %s. Split it into several files."
            .formatted(fileBytesMax, arrived),
        Optional.of("file"));
  }

  private static Throwable rootOf(Throwable thrown) {
    var root = thrown;
    for (var cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
  }

  private static void empty(Path folder) {
    try {
      Files.createDirectories(folder);
      try (var leftovers = Files.newDirectoryStream(folder)) {
        for (var leftover : leftovers) {
          Files.deleteIfExists(leftover);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "cannot empty the folder for uploads, " + folder + "; check who owns it", failed);
    }
  }
}
