package dev.luthier.app.cli;

import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.ProductBenchReport;
import dev.luthier.wire.bench.ProductBenchRequest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `luthier bench products`: the bound that the matrix units set.
@Command(
    name = "products",
    description = {
      "Multiplies bf16 matrices of a base's shapes and nothing else, on all cores: the bound of"
          + " training and prefill.",
      "Operands are packed and stay in the caches; figures are in 10^9 operations a second.",
    })
final class BenchProductsCommand implements Callable<Integer> {
  private final LuthierCommand luthier;

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "the base whose shapes count (default: the server's)")
  private Optional<String> model = Optional.empty();

  @Option(names = "--json", description = "one JSON object on one line, and nothing else")
  private boolean json;

  BenchProductsCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() throws Exception {
    Bench bench = new Bench(luthier.surroundings(), luthier.session().config(), json);
    String base = bench.model(model);
    String line =
        bench.measure(
            WorkerKind.TRAINER, "products", new ProductBenchRequest(base, bench.folder(base)));
    if (json) {
      luthier.surroundings().out().println(line);
    } else {
      print(luthier.surroundings().out(), Json.read(line, ProductBenchReport.class));
    }
    return ExitCode.DONE;
  }

  private static void print(PrintStream out, ProductBenchReport report) {
    if (report.products().isEmpty()) {
      out.println("This processor has no matrix units for bf16, or they are masked.");
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("LINEAR", "SHAPE", "FORWARD", "BACKWARD"));
    for (ProductBenchReport.Product product : report.products()) {
      rows.add(
          List.of(
              product.name(),
              product.out() + " x " + product.in(),
              "%,.0f".formatted(product.gflops()),
              "%,.0f".formatted(product.backwardGflops())));
    }
    Output.table(out, rows);
  }
}
