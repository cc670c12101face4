package dev.luthier.platform.batches;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// The file of a batch's answers, or of its errors, read from the store a few lines at a time.
final class AnswerStream extends InputStream {
  private static final int LINES_AT_ONCE = 100;

  private final BatchStore batches;
  private final String batchId;
  private final boolean failed;
  private ByteArrayInputStream lines = new ByteArrayInputStream(new byte[0]);
  private int line;

  AnswerStream(BatchStore batches, String batchId, boolean failed) {
    this.batches = batches;
    this.batchId = batchId;
    this.failed = failed;
  }

  @Override
  public int read() {
    return fill() ? lines.read() : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    return length == 0 || fill() ? lines.read(bytes, offset, length) : -1;
  }

  private boolean fill() {
    if (lines.available() == 0) {
      var next = batches.answers(batchId, failed, line, LINES_AT_ONCE);
      if (next.isEmpty()) {
        return false;
      }
      line = next.getLast().line();
      var text = next.stream().map(BatchAnswer::text).collect(Collectors.joining("\n", "", "\n"));
      lines = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
    return true;
  }
}
