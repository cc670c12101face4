package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier alias`: names that stand for models.
@Command(name = "alias", description = "Lists, sets and removes names that stand for models.")
final class AliasCommand {
  private static final String ALIASES = "/internal/ui/aliases";

  private final LuthierCommand luthier;

  AliasCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(description = "Every alias, and the model that answers to it.")
  int list(@Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode aliases = client().get(ALIASES);
    if (json) {
      Output.json(out(), aliases);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ALIAS", "MODEL", ""));
    for (JsonNode alias : aliases.path("data")) {
      rows.add(List.of(Output.text(alias, "name"), Output.text(alias, "model"), remark(alias)));
    }
    Output.table(out(), rows);
    return ExitCode.DONE;
  }

  private static String remark(JsonNode alias) {
    if (!alias.path("answers").asBoolean(true)) {
      return "no such model";
    }
    return alias.path("built_in").asBoolean(false) ? "built in" : "";
  }

  @Command(description = "Makes an alias, or moves it to another model.")
  int set(
      @Parameters(paramLabel = "ALIAS") String name,
      @Parameters(paramLabel = "MODEL") String model,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode alias = client().put(path(name), Map.of("model", model));
    if (json) {
      Output.json(out(), alias);
    } else {
      out().println(name + " stands for " + Output.text(alias, "model"));
    }
    return ExitCode.DONE;
  }

  @Command(description = "Removes aliases; the models stay.")
  int remove(
      @Parameters(paramLabel = "ALIAS", arity = "1..*") List<String> names,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    names.forEach(name -> {
      JsonNode answer = client().delete(path(name));
      if (json) {
        Output.json(out(), answer);
      } else {
        out().println("Removed " + name);
      }
    });
    return ExitCode.DONE;
  }

  private static String path(String name) {
    return ALIASES + "/" + ApiClient.part(name);
  }

  private ApiClient client() {
    return luthier.session().client();
  }

  private PrintStream out() {
    return luthier.surroundings().out();
  }
}
