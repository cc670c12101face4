package dev.luthier.worker.trainer;

import dev.luthier.engine.train.PreferencePair;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.text.EncodedRow;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.rows.InOrder;
import dev.luthier.text.rows.PreferenceFile;
import dev.luthier.text.rows.PreferenceRow;
import dev.luthier.text.rows.RowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Turns rows into examples and says which had to be cut.
final class RowEncoder {
  private static final int WARNINGS_MAX = 100;

  private final ModelText text;
  private final Consumer<String> warnings;

  RowEncoder(ModelText text, Consumer<String> warnings) {
    this.text = text;
    this.warnings = warnings;
  }

  /// Encodes a file of chat rows that passed the check.
  ///
  /// @param which `training` or `validation`
  /// @throws JobFailure if a row is refused after all
  List<TrainingExample> encode(String which, Path file) throws IOException {
    var examples = new ArrayList<TrainingExample>();
    var cuts = new Cuts(which);
    try (var rows = RowFile.read(file)) {
      inOrder(
          which,
          rows,
          ChatRow::characters,
          row -> new Encoded<>(row.line(), encode(which, row)),
          row -> {
            examples.add(example(row.encoded()));
            cuts.add(row.line(), row.encoded().tokensLost());
          });
    }
    cuts.tellOthers();
    return examples;
  }

  /// Encodes a file of preference rows that passed the check, so that something is left of both
  /// answers.
  ///
  /// @param which `training` or `validation`
  /// @throws JobFailure if a row is refused after all
  List<PreferencePair> encodePairs(String which, Path file) throws IOException {
    var pairs = new ArrayList<PreferencePair>();
    var cuts = new Cuts(which);
    try (var rows = PreferenceFile.read(file)) {
      inOrder(
          which,
          rows,
          PreferenceRow::characters,
          row -> new Encoded<>(row.line(), encode(which, row)),
          row -> {
            var preferred = example(row.encoded().preferred());
            var other = example(row.encoded().other());
            pairs.add(new PreferencePair(preferred, other));
            cuts.add(row.line(), row.encoded().tokensLost());
          });
    }
    cuts.tellOthers();
    return pairs;
  }

  /// A row and where it stood.
  private record Encoded<E>(int line, E encoded) {}

  private record EncodedPair(EncodedRow preferred, EncodedRow other) {
    int tokensLost() {
      return preferred.tokensLost() + other.tokensLost();
    }
  }

  private static <R, E> void inOrder(
      String which,
      Stream<R> rows,
      ToLongFunction<R> characters,
      Function<R, Encoded<E>> work,
      Consumer<Encoded<E>> sink)
      throws IOException {
    try (var encoded = new InOrder<R, Encoded<E>>("row-encoder", work, characters, sink)) {
      for (R row : (Iterable<R>) rows::iterator) {
        encoded.add(row);
      }
      encoded.finish();
    } catch (IllegalStateException e) {
      throw refused(which, e);
    }
  }

  private static TrainingExample example(EncodedRow row) {
    return new TrainingExample(row.tokens(), row.trained());
  }

  /// Says which rows had to be cut, and of a great many how many more there are.
  private final class Cuts {
    private final String which;
    private int cut;

    Cuts(String which) {
      this.which = which;
    }

    void add(int line, int tokensLost) {
      if (tokensLost > 0 && ++cut <= WARNINGS_MAX) {
        warnings.accept(
            "Line %d of the %s file is longer than the model's context of %d tokens and was cut at its end: %d tokens lost"
                .formatted(line, which, text.contextLength(), tokensLost));
      }
    }

    void tellOthers() {
      if (cut > WARNINGS_MAX) {
        warnings.accept(
            "%d further lines of the %s file were cut at their end"
                .formatted(cut - WARNINGS_MAX, which));
      }
    }
  }

  private EncodedPair encode(String which, PreferenceRow row) {
    return new EncodedPair(encode(which, row.preferredRow()), encode(which, row.otherRow()));
  }

  private EncodedRow encode(String which, ChatRow row) {
    try {
      return text.encodeRow(row, text.contextLength());
    } catch (MessagesException e) {
      throw refused(
          which, new IllegalStateException("line %d: %s".formatted(row.line(), e.getMessage()), e));
    }
  }

  private static JobFailure refused(String which, IllegalStateException cause) {
    return new JobFailure(
        "invalid_" + which + "_file",
        "The %s file cannot be used: %s".formatted(which, cause.getMessage()),
        which + "_file",
        cause);
  }
}
