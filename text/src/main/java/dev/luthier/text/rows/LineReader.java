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

/// Reads lines of UTF-8, ended by `\n` or `\r\n`, one at a time. Holds one line, however long the
/// file. A byte order mark at the start is passed over.
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

  public LineReader(InputStream in, int lineBytesMax) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
  }

  /// The next line; empty at the end of the file.
  public Optional<Line> next() throws IOException {
    if (!fill()) {
      return Optional.empty();
    }
    long start = offset;
    length = 0;
    boolean tooLong = false;
    boolean ended = false;
    while (!ended && fill()) {
      int end = position;
      while (end < limit && chunk[end] != '\n') {
        end++;
      }
      tooLong |= !append(end);
      ended = end < limit;
      int taken = end - position + (ended ? 1 : 0);
      position += taken;
      offset += taken;
    }
    number++;
    return Optional.of(tooLong ? new Line.TooLong(number, lineBytesMax) : decode(start));
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
    int from = number == 1 && startsWithMark() ? BYTE_ORDER_MARK.length : 0;
    int to = length > from && line[length - 1] == '\r' ? length - 1 : length;
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.wrap(line, from, to - from);
    CharBuffer text = CharBuffer.allocate(to - from);
    if (decoder.decode(bytes, text, true).isError()) {
      int wrong = bytes.position();
      return new Line.NotUtf8(number, wrong + 1, start + wrong, line[wrong] & 0xFF);
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
