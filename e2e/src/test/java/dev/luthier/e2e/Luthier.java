package dev.luthier.e2e;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `./luthier serve` on a data folder of its own, as a process that can be stopped or killed.
///
/// The base model is fetched once a build, by the program itself; every later data folder gets it
/// as hard links, which the program takes for its own import.
final class Luthier implements AutoCloseable {

  static final String KEY = "sk-luthier-end-to-end";

  private static final Path ROOT = Path.of(System.getProperty("luthier.root", ".."));
  private static final Path FETCHED = ROOT.resolve("target/e2e/fetched");
  private static final Duration START_LIMIT = Patience.of(Duration.ofMinutes(5));
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final Path data;
  private final int port;

  private Luthier(Process process, Path data, int port) {
    this.process = process;
    this.data = data;
    this.port = port;
  }

  /// Starts a server on `data` and returns when it is healthy.
  static Luthier serve(Path data, String... more) throws IOException, InterruptedException {
    lendBases(data);
    var port = freePort();
    var command =
        new ArrayList<>(
            List.of("serve", "--data", data.toString(), "--port", Integer.toString(port)));
    command.addAll(List.of(more));
    var process = program(data, command).redirectOutput(log(data)).start();
    var server = new Luthier(process, data, port);
    server.awaitHealth();
    keepBases(data);
    return server;
  }

  /// Sees to it that `data` holds the base; a server runs for that only if no test had one yet.
  static void haveBase(Path data) throws IOException, InterruptedException {
    if (Files.isDirectory(FETCHED)) {
      lendBases(data);
    } else {
      serve(data).close();
    }
  }

  /// The program with `arguments`, its build switched off: the test runs inside that very build.
  static ProcessBuilder program(Path data, List<String> arguments) throws IOException {
    Files.createDirectories(data);
    var command = new ArrayList<String>();
    command.add(ROOT.resolve("luthier").toRealPath().toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LUTHIER_BUILD", "never");
    builder.environment().put("LUTHIER_API_KEY", KEY);
    builder.environment().put("LUTHIER_RESUME_SECONDS", "1");
    return builder;
  }

  String url() {
    return "http://127.0.0.1:" + port + "/v1";
  }

  Path data() {
    return data;
  }

  /// OpenAI's own Java client; it throws on every answer that breaks the contract.
  OpenAIClient client() {
    return OpenAIOkHttpClient.builder()
        .baseUrl(url())
        .apiKey(KEY)
        .responseValidation(true)
        .timeout(Patience.of(Duration.ofMinutes(5)))
        .build();
  }

  /// The live processes of this server's trainers.
  List<ProcessHandle> trainers() {
    return process.descendants().filter(handle -> isMain(handle, "TrainerMain")).toList();
  }

  /// kill -9 of the server alone; its workers live on.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// kill -9 of the server and of everything it started.
  void killAll() throws InterruptedException {
    var workers = process.descendants().toList();
    process.destroyForcibly().waitFor();
    workers.forEach(ProcessHandle::destroyForcibly);
    for (var worker : workers) {
      worker.onExit().join();
    }
  }

  /// Stops the server as an operator would (TERM), and kills what has not gone by itself in time.
  @Override
  public void close() {
    var family = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    var gone =
        CompletableFuture.allOf(
            family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    gone.completeOnTimeout(null, STOP_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean isMain(ProcessHandle handle, String main) {
    var arguments = handle.info().arguments().orElse(new String[0]);
    return List.of(arguments).stream().anyMatch(argument -> argument.endsWith(main));
  }

  private void awaitHealth() throws IOException, InterruptedException {
    var deadline = Instant.now().plus(START_LIMIT);
    try (var http = HttpClient.newHttpClient()) {
      var health =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
      while (Instant.now().isBefore(deadline)) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "luthier serve ended with " + process.exitValue() + ":\n" + output(data));
        }
        try {
          if (http.send(health, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // Nothing listens yet.
        }
        Thread.sleep(100);
      }
    }
    throw new IllegalStateException(
        "luthier serve was not healthy after " + START_LIMIT + ":\n" + output(data));
  }

  static String output(Path data) throws IOException {
    return Files.readString(log(data).toPath());
  }

  private static java.io.File log(Path data) {
    return data.resolveSibling(data.getFileName() + ".out").toFile();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void lendBases(Path data) throws IOException {
    if (Files.isDirectory(FETCHED) && !Files.exists(data.resolve("bases"))) {
      linkTree(FETCHED, data.resolve("bases"));
    }
  }

  private static void keepBases(Path data) throws IOException {
    if (!Files.exists(FETCHED)) {
      Files.createDirectories(FETCHED.getParent());
      var half = FETCHED.resolveSibling("fetched.tmp");
      linkTree(data.resolve("bases"), half);
      Files.move(half, FETCHED);
    }
  }

  private static void linkTree(Path from, Path to) throws IOException {
    try (var tree = Files.walk(from)) {
      for (var path : tree.toList()) {
        var target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else if (!Files.exists(target)) {
          Files.createLink(target, path);
        }
      }
    }
  }
}
