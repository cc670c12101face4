package dev.luthier.text.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The alphabet in which byte-level BPE writes its tokens: a printable character for each byte.
///
/// Printable bytes of Latin-1 stand for themselves; the other 68, in order, for the characters from
/// U+0100 on (OpenAI's GPT-2 `bytes_to_unicode`). So a blank is `Ġ` and a line feed is `Ċ`.
final class ByteAlphabet {
  private static final int NONE = -1;
  private static final int[] BYTE_OF = byteOf();

  private ByteAlphabet() {}

  /// The bytes that a token spells; a token outside the alphabet stands for its own UTF-8.
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char letter = token.charAt(i);
      if (letter >= BYTE_OF.length || BYTE_OF[letter] == NONE) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) BYTE_OF[letter];
    }
    return bytes;
  }

  private static int[] byteOf() {
    int[] table = new int[0x100 + 68];
    Arrays.fill(table, NONE);
    int next = 0x100;
    for (int value = 0; value < 0x100; value++) {
      table[printable(value) ? value : next++] = value;
    }
    return table;
  }

  private static boolean printable(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }
}
