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

/// `luthier keys`: what clients send to be let in.
@Command(name = "keys", description = "Lists, makes and revokes API keys.")
final class KeysCommand {
  private static final String KEYS = "organization/admin_api_keys";

  private final LuthierCommand luthier;

  KeysCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(description = "Every key, without what it is; the oldest first.")
  int list(@Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode keys = client().get(KEYS + "?limit=100");
    if (json) {
      Output.json(out(), keys);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ID", "NAME", "KEY", "CREATED"));
    for (JsonNode key : keys.path("data")) {
      rows.add(
          List.of(
              Output.text(key, "id"),
              Output.text(key, "name"),
              Output.text(key, "redacted_value"),
              Output.time(key, "created_at")));
    }
    Output.table(out(), rows);
    if (keys.path("has_more").asBoolean()) {
      out().println("... and more, after the first " + keys.path("data").size());
    }
    return ExitCode.DONE;
  }

  @Command(description = "Makes a key and prints it, this once.")
  int make(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode key = client().post(KEYS, Map.of("name", name));
    if (json) {
      Output.json(out(), key);
    } else {
      out().println(Output.text(key, "value"));
    }
    return ExitCode.DONE;
  }

  @Command(description = "Revokes keys, by their ids; no request passes with them any more.")
  int revoke(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    ids.forEach(id -> {
      JsonNode answer = client().delete(KEYS + "/" + ApiClient.part(id));
      if (json) {
        Output.json(out(), answer);
      } else {
        out().println("Revoked " + id);
      }
    });
    return ExitCode.DONE;
  }

  private ApiClient client() {
    return luthier.session().client();
  }

  private PrintStream out() {
    return luthier.surroundings().out();
  }
}
