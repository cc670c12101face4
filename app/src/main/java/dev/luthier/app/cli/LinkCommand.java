package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `luthier link`: the dashboard's address with a code that logs in.
@Command(
    name = "link",
    description = "Prints a link that logs in to the dashboard, once; earlier ones end.")
final class LinkCommand implements Callable<Integer> {
  private final LuthierCommand luthier;

  LinkCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() {
    ApiClient client = luthier.session().client();
    String code = Output.text(client.post("/internal/ui/links", Map.of()), "code");
    luthier.surroundings().out().println(client.base() + "/#link=" + code);
    return ExitCode.DONE;
  }
}
