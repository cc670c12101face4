package dev.luthier.app.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `luthier bench`: how fast this machine trains and answers.
@Command(
    name = "bench",
    description = {
      "Measures how fast this machine trains and answers; needs no server.",
      "A process of its own does what the workers of jobs and chats do, by the same code.",
    })
final class BenchCommand {
  private BenchCommand() {}

  /// Adds it with its subcommands.
  static void addTo(CommandLine root, LuthierCommand luthier) {
    var trains = new BenchTrainCommand(luthier);
    var foretells = new BenchPerplexityCommand(luthier);
    CommandLine train = new CommandLine(trains);
    CommandLine perplexity = new CommandLine(foretells);
    root.addSubcommand(
        new CommandLine(new BenchCommand())
            .addSubcommand(train)
            .addSubcommand(new BenchGenerateCommand(luthier))
            .addSubcommand(new BenchProductsCommand(luthier))
            .addSubcommand(perplexity));
    Bench.takeData(train, trains::rows);
    Bench.takeData(perplexity, foretells::rows);
  }
}
