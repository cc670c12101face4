package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.PerplexityBenchReport;
import dev.luthier.wire.bench.PerplexityBenchRequest;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `luthier bench perplexity`: what weights in 8 bits cost.
@Command(
    name = "perplexity",
    description = {
      "Lets a base foretell the answers of chat rows, as chats are answered and in more bits.",
      "Here --data is the file of rows; the data folder is LUTHIER_DATA's, or that of"
          + " `luthier --data FOLDER bench perplexity ...`.",
      "",
      "int8 is the perplexity of weights in 8 bits, with which chats are answered on processors"
          + " with matrix units; bf16 and fp32 those of the base as it is stored and in more bits.",
      "int8_to_bf16, int8_to_fp32 and bf16_to_fp32 are their ratios.",
      "tokens counts those of the assistant's turns.",
    })
final class BenchPerplexityCommand implements Callable<Integer> {
  private final LuthierCommand luthier;

  private Path rows = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "the base that reads (default: the server's); fetched first if it is missing")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--adapter",
      paramLabel = "FOLDER",
      description = "a PEFT folder to apply; where chats are answered in 8 bits, so is it")
  private Optional<Path> adapter = Optional.empty();

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "reads so many of the first rows (default: ${DEFAULT-VALUE})")
  private int most = 1000;

  @Option(names = "--json", description = "one JSON object on one line, and nothing else")
  private boolean json;

  BenchPerplexityCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  void rows(Path file) {
    rows = file;
  }

  @Override
  public Integer call() throws Exception {
    Bench.atLeastOne("--rows", most);
    Config config = luthier.session().config();
    Bench bench = new Bench(luthier.surroundings(), config, json);
    String base = bench.model(model);
    String folder = bench.folder(base);
    bench.check(rows);
    String line =
        bench.measure(
            WorkerKind.INFERENCE,
            "perplexity",
            new PerplexityBenchRequest(
                base,
                folder,
                rows.toAbsolutePath().toString(),
                adapter.map(path -> path.toAbsolutePath().toString()),
                most));
    if (json) {
      luthier.surroundings().out().println(line);
    } else {
      print(luthier.surroundings().out(), Json.read(line, PerplexityBenchReport.class));
    }
    return ExitCode.DONE;
  }

  private static void print(PrintStream out, PerplexityBenchReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", report.model()));
    rows.add(List.of("read", "%,d tokens of %,d rows".formatted(report.tokens(), report.rows())));
    report.int8().ifPresent(value -> rows.add(List.of("8 bits", "%.3f".formatted(value))));
    rows.add(List.of("bf16", "%.3f".formatted(report.bf16())));
    rows.add(List.of("fp32", "%.3f".formatted(report.fp32())));
    report
        .int8ToBf16()
        .ifPresent(value -> rows.add(List.of("8 bits to bf16", "%.4f".formatted(value))));
    Output.table(out, rows);
  }
}
