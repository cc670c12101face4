package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.client.ApiClient;
import dev.luthier.app.config.Config;
import dev.luthier.platform.models.BaseOffer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier models`: bases and fine-tunes.
@Command(name = "models", description = "Lists, shows and deletes models; fetches bases.")
final class ModelsCommand {
  private final LuthierCommand luthier;

  ModelsCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(description = "Every model that answers.")
  int list(@Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode models = client().get("models");
    if (json) {
      Output.json(out(), models);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("MODEL", "CREATED", "OWNED BY"));
    for (JsonNode model : models.path("data")) {
      rows.add(
          List.of(
              Output.text(model, "id"),
              Output.time(model, "created"),
              Output.text(model, "owned_by")));
    }
    Output.table(out(), rows);
    return ExitCode.DONE;
  }

  @Command(description = "One model.")
  int show(
      @Parameters(paramLabel = "MODEL") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode model = client().get("models/" + ApiClient.part(id));
    if (json) {
      Output.json(out(), model);
    } else {
      Output.fields(out(), model);
    }
    return ExitCode.DONE;
  }

  @Command(description = "Deletes fine-tuned models.")
  int delete(
      @Parameters(paramLabel = "MODEL", arity = "1..*") List<String> ids,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    ids.forEach(id -> {
      JsonNode answer = client().delete("models/" + ApiClient.part(id));
      if (json) {
        Output.json(out(), answer);
      } else {
        out().println("Deleted " + id);
      }
    });
    return ExitCode.DONE;
  }

  @Command(description = "Every base: licence, size, and whether it is here; needs no server.")
  int bases() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("BASE", "LICENCE", "MB", "STATE", "SOURCE"));
    for (BaseOffer base : Bases.of(luthier.session().config()).offers()) {
      rows.add(
          List.of(
              base.id(),
              base.licence(),
              Long.toString(base.bytes() / 1_000_000),
              state(base.state()),
              base.source()));
    }
    Output.table(out(), rows);
    return ExitCode.DONE;
  }

  private static String state(BaseOffer.State state) {
    return switch (state) {
      case BaseOffer.State.Present _ -> "here";
      case BaseOffer.State.Fetching _ -> "being fetched";
      case BaseOffer.State.Absent(long fetched, Optional<String> _) ->
          fetched > 0 ? fetched / 1_000_000 + " MB fetched" : "not fetched";
    };
  }

  @Command(description = "Fetches a base into the data folder; needs no server.")
  int pull(@Parameters(paramLabel = "BASE", arity = "0..1") Optional<String> id)
      throws IOException, InterruptedException {
    Config config = luthier.session().config();
    Bases bases = Bases.of(config);
    out()
        .println(
            bases.ensure(
                id.orElse(config.base()), new TerminalStages(luthier.surroundings().err())));
    return ExitCode.DONE;
  }

  private ApiClient client() {
    return luthier.session().client();
  }

  private PrintStream out() {
    return luthier.surroundings().out();
  }
}
