package dev.luthier.text.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Reads a line that is nearly JSON, mending what has one reading only: commas left over, several
/// objects in a row, control characters in strings, brackets of a list around the rows.
final class JsonMend {
  private static final int MENDS_MAX = 200;

  private final Consumer<FindingCode> mended;
  private final boolean inArray;

  /// @param mended is told of each thing
  /// @param inArray whether the file is one list, so that its brackets may go
  JsonMend(Consumer<FindingCode> mended, boolean inArray) {
    this.mended = mended;
    this.inArray = inArray;
  }

  /// The values of the line; empty if it cannot be mended.
  Optional<List<JsonNode>> read(String line) {
    List<JsonNode> values = new ArrayList<>();
    String text = line;
    for (int mends = 0; mends < MENDS_MAX; mends++) {
      try {
        values.add(PythonJson.parse(text, new Twice(mended)));
        return Optional.of(values);
      } catch (PythonJsonException e) {
        int index = Math.min(e.index(), text.length());
        switch (JsonFault.of(text, e)) {
          case TRAILING_COMMA -> {
            boolean after = e.what().equals("Extra data");
            int comma = after ? index : text.lastIndexOf(',', index - 1);
            text = text.substring(0, comma) + text.substring(comma + 1);
            mended.accept(inArray && after ? FindingCode.JSON_ARRAY : FindingCode.TRAILING_COMMA);
          }
          case CONTROL_CHARACTER -> {
            String escape = "\\u%04x".formatted((int) text.charAt(index));
            text = text.substring(0, index) + escape + text.substring(index + 1);
            mended.accept(FindingCode.CONTROL_CHARACTER);
          }
          case SEVERAL_OBJECTS -> {
            values.add(PythonJson.parse(text.substring(0, index), new Twice(mended)));
            text = text.substring(text.indexOf('{', index));
            mended.accept(FindingCode.SEVERAL_OBJECTS);
          }
          default -> {
            if (!inArray || !text.substring(index).strip().equals("]")) {
              return Optional.empty();
            }
            text = text.substring(0, index);
            mended.accept(FindingCode.JSON_ARRAY);
          }
        }
      }
    }
    return Optional.empty();
  }

  private record Twice(Consumer<FindingCode> mended) implements PythonJson.Oddities {
    @Override
    public void keyTwice(String key, int index) {
      mended.accept(FindingCode.DUPLICATE_KEY);
    }

    @Override
    public void notANumber(String word, int index) {}
  }
}
