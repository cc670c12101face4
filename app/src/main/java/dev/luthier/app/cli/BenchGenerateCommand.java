package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.GenerationBenchReport;
import dev.luthier.wire.bench.GenerationBenchRequest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `luthier bench generate`: prompts and answers, timed.
@Command(
    name = "generate",
    description = {
      "Lets a base answer prompts of random tokens, as chats are answered.",
      "",
      "prefill_tokens_per_second and time_to_first_token (seconds) are those of one prompt that is"
          + " read alone.",
      "decode_tokens_per_second has an entry for each concurrency with each number of adapters: the"
          + " tokens of all streams together, from when all of them answer until each has said"
          + " --tokens more.",
      "All are medians of --repeats rounds; a round before them warms up and does not count.",
      "load_seconds runs from the start of the process until it could take a prompt.",
      "peak_rss_bytes is the most memory of the process, mapped weights included.",
    })
final class BenchGenerateCommand implements Callable<Integer> {
  private final LuthierCommand luthier;

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "the base that answers (default: the server's); fetched first if it is missing")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      description = "length of each prompt (default: ${DEFAULT-VALUE})")
  private int promptTokens = 512;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "tokens of each answer that are timed (default: ${DEFAULT-VALUE})")
  private int tokens = 128;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      split = ",",
      description = "streams that answer at once (default: 1,8)")
  private List<Integer> concurrency = List.of(1, 8);

  @Option(
      names = "--adapters",
      paramLabel = "N",
      split = ",",
      description = {
        "different adapters that the streams are spread over; 0 is the base alone (default: 0,8).",
        "They are made for this and are random.",
      })
  private List<Integer> adapters = List.of(0, 8);

  @Option(
      names = "--repeats",
      paramLabel = "N",
      description = "rounds that count (default: ${DEFAULT-VALUE})")
  private int repeats = 3;

  @Option(names = "--json", description = "one JSON object on one line, and nothing else")
  private boolean json;

  BenchGenerateCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() throws Exception {
    Bench.atLeastOne("--prompt-tokens", promptTokens);
    Bench.atLeastOne("--tokens", tokens);
    Bench.atLeastOne("--repeats", repeats);
    concurrency.forEach(streams -> Bench.atLeastOne("--concurrency", streams));
    if (adapters.stream().anyMatch(number -> number < 0)) {
      throw new CliException(
          ExitCode.USAGE, "--adapters is " + adapters + "; 0 (the base) or more are needed.");
    }
    Config config = luthier.session().config();
    Bench bench = new Bench(luthier.surroundings(), config, json);
    String base = bench.model(model);
    String line =
        bench.measure(
            WorkerKind.INFERENCE,
            "generate",
            new GenerationBenchRequest(
                base, bench.folder(base), promptTokens, tokens, concurrency, adapters, repeats));
    if (json) {
      luthier.surroundings().out().println(line);
    } else {
      print(luthier.surroundings().out(), Json.read(line, GenerationBenchReport.class));
    }
    return ExitCode.DONE;
  }

  private static void print(PrintStream out, GenerationBenchReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("model", report.model()));
    rows.add(
        List.of(
            "prefill",
            "%,.1f tokens/s of %,d tokens"
                .formatted(report.prefillTokensPerSecond(), report.promptTokens())));
    rows.add(List.of("first token after", "%.3f s".formatted(report.timeToFirstToken())));
    for (GenerationBenchReport.Decoding decoding : report.decodeTokensPerSecond()) {
      String on = decoding.adapters() == 0 ? "the base" : decoding.adapters() + " adapters";
      rows.add(
          List.of(
              "decode, %d at once on %s".formatted(decoding.concurrency(), on),
              "%,.1f tokens/s".formatted(decoding.tokensPerSecond())));
    }
    rows.add(List.of("ready after", "%.1f s".formatted(report.loadSeconds())));
    rows.add(List.of("peak memory", "%,d MB".formatted(report.peakRssBytes() / 1_000_000)));
    Output.table(out, rows);
  }
}
