package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.data.DataReport.DataCount;
import dev.luthier.platform.data.DataReport.DataFinding;
import dev.luthier.text.rows.MendReport;
import dev.luthier.text.rows.RowMend;
import dev.luthier.text.rows.Which;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `luthier data`: files of training rows, on this machine.
@Command(name = "data", description = "Checks files of training rows; needs no server.")
final class DataCommand {
  private final LuthierCommand luthier;

  DataCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(
      description = {
        "Names every mistake with line, column, code and remedy, the first 25 of each code;"
            + " exit 1 when the file cannot be trained on.",
        "Counts tokens when the default base is in the data folder.",
      })
  int check(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--validation", description = "as a validation file: no minimum of rows")
          boolean validation,
      @Option(
              names = "--training",
              paramLabel = "FILE",
              description = "as the validation file beside this one: names rows that are in both")
          Optional<Path> training,
      @Mixin MethodOptions rows,
      @Option(
              names = "--mend",
              paramLabel = "OUT",
              description = "writes a copy to OUT, mended where nothing has to be guessed")
          Optional<Path> mend,
      @Option(names = "--json", description = "one JSON object") boolean json)
      throws IOException {
    Config config = luthier.session().config();
    Which which = validation || training.isPresent() ? Which.VALIDATION : Which.TRAINING;
    rows.refuseOdd();
    DataReport report = RowCheck.check(file, which, rows.method(), training, config);
    PrintStream out = luthier.surroundings().out();
    Optional<MendReport> mended =
        mend.isEmpty()
            ? Optional.empty()
            : Optional.of(RowMend.mend(file, mend.get(), rows.kind()));
    if (json) {
      Map<String, Object> tree = tree(file, report);
      mended.ifPresent(changes -> tree.put("mended", changes));
      out.println(Json.text(tree));
    } else {
      print(out, file, report);
      mended.ifPresent(changes -> print(out, mend.get(), changes));
    }
    return report.failure().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /// Errors first, then warnings; a code's remedy once, after the first of its kind.
  static void print(PrintStream out, Path file, DataReport report) {
    for (boolean errors : new boolean[] {true, false}) {
      for (DataCount count : report.counts()) {
        if (count.error() == errors) {
          print(out, file, report, count);
        }
      }
    }
    String tokens =
        report.tokens() == 0
            ? ""
            : ", %,d tokens a pass, %,d of them trained"
                .formatted(report.tokens(), report.trainedTokens());
    String lost =
        report.tokensLost() == 0
            ? ""
            : ", %,d cut off beyond the context".formatted(report.tokensLost());
    out.println(file + ": " + report.examples() + " examples" + tokens + lost);
    out.println(report.failure().map(why -> "Not good for training: " + why).orElse("Good."));
  }

  private static void print(PrintStream out, Path file, DataReport report, DataCount count) {
    String remedy = "";
    long shown = 0;
    for (DataFinding finding : report.findings()) {
      if (finding.code().equals(count.code()) && finding.error() == count.error()) {
        out.println(line(file, finding));
        remedy = finding.remedy();
        shown++;
      }
    }
    if (count.count() > shown) {
      out.println("  ... and " + (count.count() - shown) + " more of " + count.code());
    }
    out.println("  " + remedy);
  }

  private static void print(PrintStream out, Path copy, MendReport report) {
    report.changes().forEach(change -> out.println("  " + change.words()));
    long further = report.changesInAll() - report.changes().size();
    if (further > 0) {
      out.println("  ... and " + further + " more changes");
    }
    String still =
        report.unmended() == 0
            ? ""
            : ", %,d lines that only a person can mend are in it as they were"
                .formatted(report.unmended());
    out.println(
        "%s: %,d changes, %,d rows of %,d%s"
            .formatted(
                copy, report.changesInAll(), report.rowsWritten(), report.rowsRead(), still));
  }

  private static String line(Path file, DataFinding finding) {
    String column = finding.column() == 0 ? "" : ":" + finding.column();
    String place = finding.line() == 0 ? "" : ":" + finding.line() + column;
    String kind = finding.error() ? "error" : "warning";
    return file + place + ": " + kind + ": " + finding.message() + " [" + finding.code() + "]";
  }

  private static Map<String, Object> tree(Path file, DataReport report) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("file", file.toString());
    tree.put("good", report.failure().isEmpty());
    report.failure().ifPresent(why -> tree.put("failure", why));
    tree.put("examples", report.examples());
    tree.put("tokens", report.tokens());
    tree.put("trained_tokens", report.trainedTokens());
    tree.put("tokens_lost", report.tokensLost());
    tree.put("findings", report.findings());
    tree.put("counts", report.counts());
    tree.put("further_errors", report.further(true));
    tree.put("further_warnings", report.further(false));
    return tree;
  }
}
