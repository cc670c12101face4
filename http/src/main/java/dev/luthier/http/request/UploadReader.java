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
                folder.toString(), fileBytesMax, fileBytesMax + FIELDS_BYTES_MAX, 0));
    try {
      return new UploadForm(context.req().getParts());
    } catch (ServletException | IllegalStateException refused) {
      System.err.println("DEBUG " + refused + " / " + refused.getCause());
      throw new ApiException(ErrorCode.TOO_LARGE, String.valueOf(refused), Optional.empty());
    }
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
