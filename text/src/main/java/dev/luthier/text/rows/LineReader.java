package dev.luthier.text.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads lines of UTF-8, ended by `\n`, `\r\n` or `\r` as Python reads them, one at a time. Holds
/// one line, however long the file. A byte order mark at the start is passed over.
public final class LineReader implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final int lineBytesMax;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int position;
  private int limit;
  private byte[] line = new byte[1 << 10];
  private int length;
  private int number;
  private long offset; // of the next byte in the file
  private boolean afterReturn;
  private boolean marked;

  public LineReader(InputStream in, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
  }

  /// The next line; empty at the end of the file.
  public Optional<Line> next() throws IOException {
    if (!fill() || !passSecondHalfOfEnd()) {
      return Optional.empty();
    }
    long start = offset;
    length = 0;
    boolean tooLong = false;
    boolean ended = false;
    while (!ended && fill()) {
      int end = position;
      while (end < limit && chunk[end] != '\n' && chunk[end] != '\r') {
        end++;
      }
      tooLong |= !append(end);
      ended = end < limit;
      afterReturn = ended && chunk[end] == '\r';
      int taken = end - position + (ended ? 1 : 0);
      position += taken;
      offset += taken;
    }
    number++;
    return Optional.of(tooLong ? new Line.TooLong(number, lineBytesMax) : decode(start));
  }

  /// Whether the file begins with a byte order mark; known after the first line.
  boolean marked() {
    return marked;
  }

  /// The bytes of the latest line, without its end.
  byte[] bytes() {
    return Arrays.copyOf(line, length);
  }

  /// Whether the latest line ended with `\r`, alone or before `\n`.
  boolean endedByReturn() {
    return afterReturn;
  }

  /// Passes over the `\n` of a `\r\n`; false when that was the end of the file.
  private boolean passSecondHalfOfEnd() throws IOException {
    if (afterReturn && chunk[position] == '\n') {
      position++;
      offset++;
    }
    afterReturn = false;
    return fill();
  }

  private boolean fill() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(chunk));
    }
    return limit > 0;
  }

  private boolean append(int end) {
    int more = end - position;
    if (length + more > lineBytesMax) {
      return false;
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.min(lineBytesMax, Math.max(2 * line.length, length + more)));
    }
    System.arraycopy(chunk, position, line, length, more);
    length += more;
    return true;
  }

  private Line decode(long start) {
    marked |= number == 1 && startsWithMark();
    int from = number == 1 && marked ? BYTE_ORDER_MARK.length : 0;
    int to = length;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(line, from, to - from);
    CharBuffer text = CharBuffer.allocate(to - from);
    if (decoder.decode(bytes, text, true).isError()) {
      int wrong = bytes.position();
      int before = JsonPlaces.column(text.flip().toString(), Integer.MAX_VALUE) - 1;
      return new Line.NotUtf8(number, before + 1, wrong + 1, start + wrong, line[wrong] & 0xFF);
    }
    return new Line.Text(number, text.flip().toString());
  }

  private boolean startsWithMark() {
    int bytes = BYTE_ORDER_MARK.length;
    return length >= bytes && Arrays.equals(line, 0, bytes, BYTE_ORDER_MARK, 0, bytes);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
