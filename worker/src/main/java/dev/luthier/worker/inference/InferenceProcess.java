package dev.luthier.worker.inference;

import dev.luthier.engine.infer.EndReason;
import dev.luthier.engine.infer.GeneratedToken;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.SamplingSettings;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.wire.internal.InferenceHeartbeatAnswer;
import dev.luthier.wire.internal.InferenceSpec;
import dev.luthier.wire.internal.RegisterRequest;
import dev.luthier.worker.ExitCode;
import dev.luthier.worker.WorkerEnvironment;
import dev.luthier.worker.server.FencedException;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.ServerAwayException;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves one base until it is told to end, or the server is gone for good.
public final class InferenceProcess {
  private static final Logger LOG = LoggerFactory.getLogger(InferenceProcess.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration WARM_UP_AFTER = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CompletableFuture<ExitCode> end = new CompletableFuture<>();
  private volatile Optional<Thread> running = Optional.empty();

  /// Enrols, opens the base, registers, serves.
  public ExitCode run(WorkerEnvironment environment) throws IOException, InterruptedException {
    running = Optional.of(Thread.currentThread());
    try (var client = ServerClient.open(environment.server(), Patience.OF_INFERENCE)) {
      ServerClient server = client.enrol(environment.enrolment());
      var spec = server.get("inference", InferenceSpec.class);
      LOG.info("opening base {}", spec.base().id());
      try (ServedModel model = EngineModel.open(Path.of(spec.base().folder()))) {
        return serve(server, spec.base().id(), model);
      }
    }
  }

  /// Asks the process to end, also while it still waits for the server. Any thread.
  public void stop() {
    end.complete(ExitCode.ACCEPTED);
    running.ifPresent(Thread::interrupt);
  }

  private ExitCode serve(ServerClient server, String baseId, ServedModel model)
      throws IOException, InterruptedException {
    var random = new SecureRandom();
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    var handler =
        new GenerateHandler(model, random::nextLong, () -> end.complete(ExitCode.CRASHED));
    try (var listener = new InferenceServer(token, handler::handle)) {
      var registration =
          new RegisterRequest(listener.url().toString(), token, baseId, model.contextLength());
      server.post("inference/register", registration);
      LOG.info("base {} answers at {}", baseId, listener.url());
      // A request that waited for this process comes first, and warms up as well.
      if (!handler.wasAsked(WARM_UP_AFTER)) {
        warmUp(model);
      }
      return beat(server, registration);
    }
  }

  /// Computes one token that nobody reads, so that the first real one does not pay for the first
  /// touch of the weights.
  private static void warmUp(ServedModel model) {
    int[] prompt = model.encodeText("Hello");
    if (prompt.length > 0) {
      var request =
          new GenerationRequest(
              prompt,
              Optional.empty(),
              new SamplingSettings(0, 1, 0, 0, 0, Map.of(), -1),
              1,
              model.endTokens());
      model.submit(request, new WarmUp(System.nanoTime()));
    }
  }

  private ExitCode beat(ServerClient server, RegisterRequest registration)
      throws InterruptedException {
    ServerClient once = server.with(new Patience(HEARTBEAT, HEARTBEAT, Duration.ZERO));
    long lastHeard = System.nanoTime();
    while (true) {
      try {
        return end.get(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        LOG.trace("time for a heartbeat", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("the end of this process failed", e);
      }
      try {
        var answer = once.post("inference/heartbeat", Map.of(), InferenceHeartbeatAnswer.class);
        switch (answer.directive()) {
          case CONTINUE -> {}
          case REGISTER -> {
            LOG.info("the server asks where this process answers");
            once.post("inference/register", registration);
          }
        }
        lastHeard = System.nanoTime();
      } catch (ServerAwayException e) {
        Duration silent = Duration.ofNanos(System.nanoTime() - lastHeard);
        if (silent.compareTo(PATIENCE) > 0) {
          LOG.error("no server for {} s; ending", silent.toSeconds());
          return ExitCode.TRY_AGAIN;
        }
      } catch (FencedException e) {
        LOG.info("not wanted any more: {}", e.getMessage());
        return ExitCode.FENCED;
      }
    }
  }

  private record WarmUp(long start) implements TokenSink {
    @Override
    public void prefilled(int promptTokens, int cachedTokens) {}

    @Override
    public boolean token(GeneratedToken token) {
      return true;
    }

    @Override
    public void end(EndReason reason) {
      LOG.info("warm after {} ms", (System.nanoTime() - start) / 1_000_000);
    }

    @Override
    public void failed(Throwable cause) {
      LOG.warn("the warm-up failed", cause);
    }
  }
}
