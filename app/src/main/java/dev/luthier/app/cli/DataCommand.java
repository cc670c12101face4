package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.text.rows.Finding;
import dev.luthier.text.rows.RowFailure;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.Severity;
import dev.luthier.text.rows.Which;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
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
        "Names every mistake with its line; exit 1 when the file cannot be trained on.",
        "Counts tokens when the default base is in the data folder.",
      })
  int check(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--validation", description = "as a validation file: no minimum of rows")
          boolean validation,
      @Option(names = "--json", description = "one JSON object") boolean json)
      throws IOException {
    Config config = luthier.session().config();
    RowReport report = RowCheck.check(file, config);
    Optional<RowFailure> failure = report.failure(validation ? Which.VALIDATION : Which.TRAINING);
    PrintStream out = luthier.surroundings().out();
    if (json) {
      out.println(Json.text(tree(file, report, failure.isEmpty())));
    } else {
      print(out, file, report, failure);
    }
    return failure.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  static void print(PrintStream out, Path file, RowReport report, Optional<RowFailure> failure) {
    report.findings().forEach(finding -> out.println(line(file, finding)));
    int further = report.furtherErrors() + report.furtherWarnings();
    if (further > 0) {
      out.println("... and " + further + " more");
    }
    String tokens =
        report.tokens() == 0
            ? ""
            : ", %,d tokens a pass, %,d of them trained"
                .formatted(report.tokens(), report.trainedTokens());
    out.println(file + ": " + report.examples() + " examples" + tokens);
    out.println(
        failure.map(reason -> "Not good for training: " + reason.message()).orElse("Good."));
  }

  private static String line(Path file, Finding finding) {
    String place = finding.line() == 0 ? "" : ":" + finding.line();
    String kind = finding.severity() == Severity.ERROR ? "error" : "warning";
    return file + place + ": " + kind + ": " + finding.message();
  }

  private static Map<String, Object> tree(Path file, RowReport report, boolean good) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("file", file.toString());
    tree.put("good", good);
    tree.put("examples", report.examples());
    tree.put("tokens", report.tokens());
    tree.put("trained_tokens", report.trainedTokens());
    tree.put("findings", report.findings());
    tree.put("further_errors", report.furtherErrors());
    tree.put("further_warnings", report.furtherWarnings());
    return tree;
  }
}
