package dev.luthier.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.CheckpointRequest;
import dev.luthier.wire.internal.EnrolAnswer;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.ErrorAnswer;
import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import dev.luthier.wire.internal.HeartbeatAnswer;
import dev.luthier.wire.internal.HeartbeatRequest;
import dev.luthier.wire.internal.MetricsRequest;
import dev.luthier.wire.internal.StepMetrics;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.wire.internal.WorkerKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/// The server's end of the trainer's protocol in memory, with the rules that trainers rely on: one
/// enrolment, a token, metrics without gaps, no resume state before its metrics. It can lose
/// requests, and answers to requests that it has taken.
public final class FakeServer implements AutoCloseable {
  public static final String CODE = "code";
  private static final String TOKEN = "token";

  /// What happens to the n-th request, counted from 1.
  public volatile IntPredicate loseRequest = _ -> false;

  public volatile IntPredicate loseAnswer = _ -> false;
  public volatile boolean fenced;
  public volatile boolean stop;
  public volatile Optional<TrainerJob> job = Optional.empty();
  public volatile Optional<byte[]> state = Optional.empty();
  public volatile int stateStep;
  public final Map<Integer, StepMetrics> steps = new TreeMap<>();
  public final Map<String, byte[]> staged = new TreeMap<>();
  public final Map<Integer, CheckpointRequest> checkpoints = new TreeMap<>();
  public final List<String> events = new ArrayList<>();
  public final List<FinishRequest> reports = new ArrayList<>();
  public volatile int lastHeartbeat;
  public volatile String rows = "";

  /// Answers that were judged.
  public final AtomicInteger graded = new AtomicInteger();

  /// Their words.
  public final List<String> judged = Collections.synchronizedList(new ArrayList<>());

  /// None: the training rows are validated on.
  public volatile Optional<String> validationRows = Optional.empty();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int requests;
  private boolean enrolled;

  public FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  public synchronized int requests() {
    return requests;
  }

  private synchronized void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      int number = ++requests;
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (loseRequest.test(number)) {
        return; // Closing without an answer breaks the connection.
      }
      byte[] answer;
      int status = 200;
      try {
        answer =
            answer(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                body);
      } catch (Refused e) {
        status = e.status;
        answer = Json.bytes(ErrorAnswer.of("refused", String.valueOf(e.getMessage())));
      }
      if (loseAnswer.test(number)) {
        return;
      }
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private byte[] answer(String method, URI uri, Optional<String> authorization, byte[] body) {
    String path = uri.getPath().substring("/internal/v1/".length());
    if (path.equals("enrol")) {
      return enrol(Json.read(body, EnrolRequest.class));
    }
    if (!authorization.equals(Optional.of("Bearer " + TOKEN))) {
      throw new Refused(401, "wrong token");
    }
    if (fenced) {
      throw new Refused(409, "fenced");
    }
    if (path.startsWith("job/checkpoints/")) {
      return checkpoint(method, path.substring("job/checkpoints/".length()), body);
    }
    return switch (method + " " + path) {
      case "GET job" -> Json.bytes(job.orElseThrow(() -> new Refused(404, "no job")));
      case "GET job/training-file" -> rows.getBytes(StandardCharsets.UTF_8);
      case "GET job/validation-file" ->
          validationRows.orElse(rows).getBytes(StandardCharsets.UTF_8);
      case "GET job/resume-state" -> state.orElseThrow(() -> new Refused(404, "none"));
      case "PUT job/resume-state" -> putState(uri.getQuery(), body);
      case "POST job/heartbeat" -> heartbeat(Json.read(body, HeartbeatRequest.class));
      case "POST job/metrics" -> metrics(Json.read(body, MetricsRequest.class));
      case "POST job/events" -> event(Json.read(body, EventRequest.class));
      case "POST job/grade" -> grade(Json.read(body, GradeRequest.class));
      case "POST job/finish" -> finish(Json.read(body, FinishRequest.class));
      default -> throw new Refused(404, path);
    };
  }

  private byte[] enrol(EnrolRequest request) {
    if (enrolled || !request.code().equals(CODE)) {
      throw new Refused(409, "this code was traded before, or is wrong");
    }
    enrolled = true;
    return Json.bytes(new EnrolAnswer(TOKEN, WorkerKind.TRAINER));
  }

  private byte[] heartbeat(HeartbeatRequest request) {
    lastHeartbeat = request.step();
    return Json.bytes(
        new HeartbeatAnswer(
            stop ? HeartbeatAnswer.Directive.STOP : HeartbeatAnswer.Directive.CONTINUE));
  }

  private byte[] metrics(MetricsRequest request) {
    for (StepMetrics step : request.steps()) {
      if (step.step() > lastStep() + 1) {
        throw new Refused(400, "step %d after step %d".formatted(step.step(), lastStep()));
      }
      steps.putIfAbsent(step.step(), step);
    }
    return new byte[0];
  }

  private int lastStep() {
    return steps.keySet().stream().max(Integer::compare).orElse(0);
  }

  private byte[] putState(String query, byte[] body) {
    int step = Integer.parseInt(query.substring("step=".length()));
    if (step < 1 || step > lastStep()) {
      throw new Refused(400, "a resume state of step %d before its metrics".formatted(step));
    }
    state = Optional.of(body);
    stateStep = step;
    return new byte[0];
  }

  private byte[] event(EventRequest request) {
    if (!events.contains(request.message())) {
      events.add(request.message());
    }
    return new byte[0];
  }

  private byte[] checkpoint(String method, String rest, byte[] body) {
    if (method.equals("PUT")) {
      staged.put(rest, body);
      return new byte[0];
    }
    int step = Integer.parseInt(rest);
    if (step > lastStep()) {
      throw new Refused(400, "checkpoint %d before its metrics".formatted(step));
    }
    checkpoints.put(step, Json.read(body, CheckpointRequest.class));
    return new byte[0];
  }

  /// The share of an answer's characters that are the row's `letter`; no judgement without one.
  private byte[] grade(GradeRequest request) {
    graded.addAndGet(request.samples().size());
    request.samples().forEach(sample -> judged.add(sample.outputText()));
    return Json.bytes(new GradeAnswer(request.samples().stream().map(FakeServer::grade).toList()));
  }

  private static GradeAnswer.Grade grade(GradeRequest.Sample sample) {
    if (!sample.item().has("letter")) {
      return new GradeAnswer.Grade(0, false, true);
    }
    String text = sample.outputText();
    char letter = sample.item().path("letter").asString().charAt(0);
    long hits = text.chars().filter(c -> c == letter).count();
    double reward = text.isEmpty() ? 0 : hits / (double) text.length();
    return new GradeAnswer.Grade(reward, false, false, List.of(part(reward)));
  }

  /// What the one grader that judges here says.
  public static GradeAnswer.Part part(double reward) {
    return new GradeAnswer.Part(
        "letters", "text_similarity", Optional.empty(), reward, List.of(), 0, 0, 0, 0.001);
  }

  private byte[] finish(FinishRequest request) {
    reports.add(request);
    return new byte[0];
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String message) {
      super(message);
      this.status = status;
    }
  }
}
