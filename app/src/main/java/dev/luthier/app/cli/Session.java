package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ServerFile;
import dev.luthier.app.config.Config;
import dev.luthier.app.config.ConfigLoader;
import dev.luthier.app.config.Setting;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What every command starts from: the settings in force and the server they lead to.
///
/// The server is, in order: the address given by `--server`; the one running on the data folder;
/// the one OPENAI_BASE_URL names. A key from the environment is sent only to an address that the
/// user named.
final class Session {
  private static final String BASE_URL = "OPENAI_BASE_URL";

  private final Surroundings surroundings;
  private final Map<Setting, String> flags;
  private final Optional<URI> server;

  Session(Surroundings surroundings, Map<Setting, String> flags, Optional<URI> server) {
    this.surroundings = surroundings;
    this.flags = new EnumMap<>(Setting.class);
    this.flags.putAll(flags);
    this.server = server;
  }

  Config config() {
    return ConfigLoader.load(flags, surroundings.environment());
  }

  /// A client of the server, or the sentence that says how to get one.
  ApiClient client() {
    Config config = config();
    return running(config)
        .orElseThrow(() ->
            new CliException(
                ExitCode.NO_SERVER,
                "No server runs on "
                    + config.data()
                    + "; start one by `luthier serve`, or name one by --server or "
                    + BASE_URL
                    + "."));
  }

  /// Empty when no server was named and none runs here.
  Optional<ApiClient> running(Config config) {
    if (server.isPresent()) {
      return server.map(url -> new ApiClient(url, environmentKey()));
    }
    Optional<ApiClient> local =
        ServerFile.read(config.data())
            .map(file -> new ApiClient(file.url(), file.key()))
            .filter(ApiClient::healthy);
    return local.or(() ->
        Optional.ofNullable(surroundings.environment().get(BASE_URL))
            .map(url -> new ApiClient(address(url), environmentKey())));
  }

  private String environmentKey() {
    Map<String, String> environment = surroundings.environment();
    String own = environment.getOrDefault(Setting.API_KEY.variable(), "");
    return own.isEmpty() ? environment.getOrDefault("OPENAI_API_KEY", "none") : own;
  }

  private static URI address(String text) {
    try {
      return new URI(text);
    } catch (java.net.URISyntaxException _) {
      throw new CliException(ExitCode.USAGE, BASE_URL + " is '" + text + "', which is no address.");
    }
  }
}
