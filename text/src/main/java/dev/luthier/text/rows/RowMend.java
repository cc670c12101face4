package dev.luthier.text.rows;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a copy of a file of rows in which everything is mended that can be without guessing:
/// marks and line ends, blank lines, a list in place of lines, objects over several lines, commas
/// left over, keys that mean nothing, rows that are there already, rows that teach an empty answer
/// or prefer one to itself. A row with nothing to mend is copied byte for byte, and so is one that
/// cannot be mended.
public final class RowMend {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int CHANGES_MAX = 1000;

  private final RowRules rules;
  private final OutputStream out;
  private final RowTidy tidy;
  private final List<MendReport.Change> changes = new ArrayList<>();
  private long changesInAll;
  private int rowsRead;
  private int rowsWritten;
  private int unmended;
  private boolean inArray;
  private boolean returnsTold;

  private RowMend(RowRules rules, OutputStream out) {
    this.rules = rules;
    this.out = out;
    this.tidy = new RowTidy(rules.kind());
  }

  /// Reads one file and writes another.
  ///
  /// @throws IOException also when the two are the same
  public static MendReport mend(Path file, Path copy, RowKind kind) throws IOException {
    if (Files.exists(copy) && Files.isSameFile(file, copy)) {
      throw new IOException(copy + " is the file itself; name another one for the copy");
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy))) {
      return mend(file, out, kind);
    }
  }

  /// Reads a file and writes its mended copy, which the caller closes.
  public static MendReport mend(Path file, OutputStream out, RowKind kind) throws IOException {
    String name = String.valueOf(file.getFileName());
    RowRules rules = RowRules.of(name, Which.TRAINING, kind);
    var mend = new RowMend(rules, out);
    try (var lines = new LineReader(Files.newInputStream(file), rules.lineBytesMax())) {
      mend.all(lines);
    }
    return new MendReport(
        mend.rowsRead, mend.rowsWritten, mend.unmended, mend.changes, mend.changesInAll);
  }

  private void all(LineReader lines) throws IOException {
    var open = new OpenObject(rules);
    Optional<Line> line = lines.next();
    while (line.isPresent()) {
      bytes(lines, line.get());
      switch (line.get()) {
        case Line.Text(int number, String text) -> text(open, number, text);
        case Line.NotUtf8 _ -> {
          flush(open);
          rowsRead++;
          unmended++;
          write(lines.bytes());
        }
        case Line.TooLong(int number, int _) -> {
          flush(open);
          rowsRead++;
          change(number, FindingCode.LINE_TOO_LONG, true);
        }
      }
      line = lines.next();
    }
    flush(open);
  }

  private void bytes(LineReader lines, Line line) {
    if (line.number() == 1 && lines.marked()) {
      change(1, FindingCode.BYTE_ORDER_MARK, false);
    }
    if (lines.endedByReturn() && !returnsTold) {
      returnsTold = true;
      change(line.number(), FindingCode.CARRIAGE_RETURNS, false);
    }
  }

  private void text(OpenObject open, int number, String text) throws IOException {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      change(number, FindingCode.BLANK_LINE, true);
      return;
    }
    if (open.isEmpty() && rowsRead == 0 && stripped.startsWith("[") && !stripped.endsWith("]")) {
      inArray = true;
      stripped = stripped.substring(1).strip();
      change(number, FindingCode.JSON_ARRAY, false);
    }
    if (open.isEmpty() && inArray && (stripped.isEmpty() || stripped.equals("]"))) {
      return;
    }
    if (open.isBrokenBy(stripped)) {
      flush(open);
    }
    open.add(number, inArray ? stripped : text);
    if (open.isWhole()) {
      flush(open);
    }
  }

  /// Writes what has been gathered: the row, or else the lines as they were.
  private void flush(OpenObject open) throws IOException {
    if (open.isEmpty()) {
      return;
    }
    rowsRead++;
    int number = open.firstLine();
    int before = changes.size();
    long beforeInAll = changesInAll;
    var json = new JsonMend(code -> change(number, code, false), inArray);
    Optional<List<JsonNode>> values = json.read(open.joined());
    if (values.isEmpty()) {
      changes.subList(before, changes.size()).clear();
      changesInAll = beforeInAll;
      unmended++;
      for (String line : open.lines()) {
        write(line.getBytes(StandardCharsets.UTF_8));
      }
    } else {
      if (open.lines().size() > 1) {
        change(number, FindingCode.SPLIT_OBJECT, false);
      }
      boolean same = changesInAll == beforeInAll;
      rows(number, values.get(), same ? Optional.of(open.joined()) : Optional.empty());
    }
    open.clear();
  }

  private void rows(int number, List<JsonNode> values, Optional<String> text) throws IOException {
    for (JsonNode value : values) {
      if (value.isArray() && values.size() == 1 && rowsRead == 1) {
        change(number, FindingCode.JSON_ARRAY, false);
        for (JsonNode element : value) {
          row(number, element, Optional.empty());
        }
      } else {
        row(number, value, text);
      }
    }
  }

  /// @param text the line, if nothing has been mended in it yet
  private void row(int number, JsonNode row, Optional<String> text) throws IOException {
    long before = changesInAll;
    if (row instanceof ObjectNode object && tidy.isRow(object)) {
      tidy.withoutIdleKeys(object, code -> change(number, code, false));
      Optional<FindingCode> why = tidy.leftOut(number, object);
      if (why.isPresent()) {
        change(number, why.get(), true);
        return;
      }
    }
    rowsWritten++;
    boolean same = changesInAll == before && text.isPresent();
    write((same ? text.get() : JSON.writeValueAsString(row)).getBytes(StandardCharsets.UTF_8));
  }

  private void write(byte[] line) throws IOException {
    out.write(line);
    out.write('\n');
  }

  private void change(int line, FindingCode code, boolean leftOut) {
    changesInAll++;
    if (changes.size() < CHANGES_MAX) {
      changes.add(new MendReport.Change(line, code, leftOut));
    }
  }
}
