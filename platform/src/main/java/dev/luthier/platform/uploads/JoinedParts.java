package dev.luthier.platform.uploads;

import dev.luthier.platform.files.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/// Parts read one after the other; one of them is open at a time.
final class JoinedParts extends InputStream {
  private final BlobStore blobs;
  private final Iterator<String> ids;
  private InputStream open = InputStream.nullInputStream();

  JoinedParts(BlobStore blobs, List<String> ids) {
    this.blobs = blobs;
    this.ids = ids.iterator();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = open.read(into, offset, length);
    while (read < 0 && ids.hasNext()) {
      open.close();
      open = blobs.open(ids.next());
      read = open.read(into, offset, length);
    }
    return read;
  }

  /// Reads to the end and answers the sum, in lower-case hexadecimal.
  String md5() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[1 << 16];
      for (int read = read(buffer, 0, buffer.length);
          read >= 0;
          read = read(buffer, 0, buffer.length)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
