package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier files`: files of the server.
@Command(name = "files", description = "Lists, uploads, reads and deletes the server's files.")
final class FilesCommand {
  private static final int LISTED = 100;

  private final LuthierCommand luthier;

  FilesCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(description = "The newest files.")
  int list(
      @Option(names = "--json", description = "print the server's JSON") boolean json,
      @Mixin Pages pages) {
    JsonNode page = client().get("files" + pages.query(LISTED));
    if (json) {
      Output.json(out(), page);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("FILE", "PURPOSE", "BYTES", "CREATED", "NAME"));
    for (JsonNode file : page.path("data")) {
      rows.add(
          List.of(
              Output.text(file, "id"),
              Output.text(file, "purpose"),
              Output.text(file, "bytes"),
              Output.time(file, "created_at"),
              Output.text(file, "filename")));
    }
    Output.table(out(), rows);
    Pages.sayMore(out(), page);
    return ExitCode.DONE;
  }

  @Command(description = "One file's description.")
  int show(
      @Parameters(paramLabel = "FILE") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return print(client().get("files/" + ApiClient.part(id)), json);
  }

  @Command(description = "Uploads a file.")
  int upload(
      @Parameters(paramLabel = "PATH") Path file,
      @Option(names = "--purpose", defaultValue = "fine-tune", description = "default: fine-tune")
          String purpose,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return print(client().upload(file, purpose), json);
  }

  @Command(description = "A file's bytes, as they are.")
  int content(
      @Parameters(paramLabel = "FILE") String id,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "PATH",
              description = "default: standard output; never overwrites")
          Optional<Path> output)
      throws IOException {
    String path = "files/" + ApiClient.part(id) + "/content";
    if (output.isEmpty()) {
      client().copy(path, out());
      out().flush();
      return ExitCode.DONE;
    }
    if (Files.exists(output.get())) {
      throw new CliException(ExitCode.USAGE, output.get() + " exists; choose another name.");
    }
    try (OutputStream to = Files.newOutputStream(output.get(), StandardOpenOption.CREATE_NEW)) {
      client().copy(path, to);
    }
    return ExitCode.DONE;
  }

  @Command(description = "Deletes files.")
  int delete(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<String> ids,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    ids.forEach(id -> {
      JsonNode answer = client().delete("files/" + ApiClient.part(id));
      if (json) {
        Output.json(out(), answer);
      } else {
        out().println("Deleted " + id);
      }
    });
    return ExitCode.DONE;
  }

  private int print(JsonNode file, boolean json) {
    if (json) {
      Output.json(out(), file);
    } else {
      Output.fields(out(), file);
    }
    return ExitCode.DONE;
  }

  private ApiClient client() {
    return luthier.session().client();
  }

  private PrintStream out() {
    return luthier.surroundings().out();
  }
}
