package dev.luthier.app.serve;

import dev.luthier.platform.keys.KeyService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The key that this machine's command line finds in `server.json`: never stored in the database,
/// worthless when the server has stopped.
record LocalKey(String text, KeyService others) {
  boolean verify(String key) {
    return MessageDigest.isEqual(bytes(text), bytes(key)) || others.verify(key);
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "LocalKey[hidden]";
  }
}
