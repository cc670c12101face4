package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier webhook`: addresses that are told of events.
@Command(
    name = "webhook",
    description = "Lists, adds, tests and deletes addresses that are told when something ends.")
final class WebhookCommand {
  private static final String ENDPOINTS = "webhook_endpoints";
  private static final int LISTED = 50;

  private final LuthierCommand luthier;

  WebhookCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(description = "Every address, and what it is told of.")
  int list(@Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode page = client().get(ENDPOINTS + "?limit=" + LISTED);
    if (json) {
      Output.json(out(), page);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ENDPOINT", "NAME", "URL", "EVENTS"));
    for (JsonNode endpoint : page.path("data")) {
      rows.add(
          List.of(
              Output.text(endpoint, "id"),
              Output.text(endpoint, "name"),
              Output.text(endpoint, "url"),
              String.join(",", texts(endpoint.path("event_types")))));
    }
    Output.table(out(), rows);
    return ExitCode.DONE;
  }

  @Command(description = "Adds an address; its secret is printed this once.")
  int add(
      @Parameters(paramLabel = "URL") String url,
      @Option(names = "--name", paramLabel = "NAME", defaultValue = "webhook") String name,
      @Option(
              names = "--events",
              split = ",",
              paramLabel = "TYPE",
              description = "for instance batch.completed; default: all there are")
          List<String> events,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    List<String> types =
        events == null || events.isEmpty()
            ? texts(client().get("webhook_event_types").path("data"))
            : events;
    return secret(
        client().post(ENDPOINTS, Map.of("url", url, "name", name, "event_types", types)), json);
  }

  @Command(description = "Gives an address another secret, printed this once.")
  int rotate(
      @Parameters(paramLabel = "ENDPOINT") String id,
      @Option(names = "--keep-old", description = "the old one signs too, for a day")
          boolean keepOld,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return secret(
        client()
            .post(
                path(id) + "/rotate_secret",
                Map.of("keep_old_secret_active_for_24_hours", keepOld)),
        json);
  }

  private int secret(JsonNode endpoint, boolean json) {
    if (json) {
      Output.json(out(), endpoint);
    } else {
      out().println(Output.text(endpoint, "id"));
      out().println("secret, not shown again: " + Output.text(endpoint, "signing_secret"));
    }
    return ExitCode.DONE;
  }

  @Command(description = "Sends an event of nothing and says what was answered.")
  int test(
      @Parameters(paramLabel = "ENDPOINT") String id,
      @Option(names = "--event", paramLabel = "TYPE", defaultValue = "fine_tuning.job.succeeded")
          String type,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode tested = client().post(path(id) + "/test", Map.of("event_type", type));
    if (json) {
      Output.json(out(), tested);
    } else {
      out().println("It answered " + Output.text(tested, "status_code"));
    }
    return ExitCode.DONE;
  }

  @Command(description = "What an address was told, and how often that was tried.")
  int deliveries(
      @Parameters(paramLabel = "ENDPOINT") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json,
      @Mixin Pages pages) {
    JsonNode page = client().get(path(id) + "/deliveries" + pages.query(LISTED));
    if (json) {
      Output.json(out(), page);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("DELIVERY", "EVENT", "CREATED", "STATUS", "TRIES", "LAST"));
    for (JsonNode delivery : page.path("data")) {
      JsonNode tries = delivery.path("attempts");
      JsonNode last = tries.path(tries.size() - 1);
      rows.add(
          List.of(
              Output.text(delivery, "id"),
              Output.text(delivery, "event_type"),
              Output.time(delivery, "created_at"),
              Output.text(delivery, "status"),
              Integer.toString(tries.size()),
              last.path("error").isString()
                  ? last.path("error").asString()
                  : last.path("status_code").asString("")));
    }
    Output.table(out(), rows);
    Pages.sayMore(out(), page);
    return ExitCode.DONE;
  }

  @Command(description = "Deletes addresses, with what they have not been told yet.")
  int delete(
      @Parameters(paramLabel = "ENDPOINT", arity = "1..*") List<String> ids,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    ids.forEach(id -> {
      JsonNode answer = client().delete(path(id));
      if (json) {
        Output.json(out(), answer);
      } else {
        out().println("Deleted " + id);
      }
    });
    return ExitCode.DONE;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).toList();
  }

  private static String path(String id) {
    return ENDPOINTS + "/" + ApiClient.part(id);
  }

  private ApiClient client() {
    return luthier.session().client();
  }

  private PrintStream out() {
    return luthier.surroundings().out();
  }
}
