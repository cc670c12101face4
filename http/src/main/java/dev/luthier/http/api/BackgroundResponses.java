package dev.luthier.http.api;

import dev.luthier.http.sse.ClientGoneException;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.Response;
import dev.luthier.wire.api.ResponseEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Responses that are made while nobody waits for them, and what becomes of the stored ones. Safe
/// for many threads.
///
/// One that was being made when the server stopped is shown as failed, and [#sweep] tells of it.
/// Events are held in memory: what is left of a response after a restart is its last one.
public final class BackgroundResponses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundResponses.class);
  private static final int AT_ONCE_MAX = 64;
  private static final Set<String> EVENT_ENDS = Set.of("completed", "failed", "incomplete");
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final ResponseService responses;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private final FollowedResponses followed = new FollowedResponses();

  public BackgroundResponses(ResponseService responses) {
    this.responses = responses;
  }

  /// Makes one response, which stores itself.
  ///
  /// @param failed the response that broke off
  /// @param tell tells those who follow it that it broke off
  record Work(
      Runnable make, Function<ApiException, Response> failed, Consumer<ApiException> tell) {}

  /// Where the events of a response go that is about to be started.
  ///
  /// @param streamed whether anybody may follow it
  Consumer<ResponseEvent> events(String id, boolean streamed) {
    return streamed ? followed.begin(id)::add : _ -> {};
  }

  void start(String id, Work work) {
    if (running.size() >= AT_ONCE_MAX) {
      responses.delete(id);
      followed.forget(id);
      throw new ApiException(
          ErrorCode.RATE_LIMIT_EXCEEDED,
          "%d responses are being made in the background already, the most at once. Try again when one has ended."
              .formatted(AT_ONCE_MAX),
          Optional.empty());
    }
    var thread = Thread.ofVirtual().name("background-response").unstarted(() -> make(id, work));
    running.put(id, thread);
    thread.start();
  }

  private void make(String id, Work work) {
    try {
      work.make().run();
    } catch (RuntimeException failure) {
      Thread.interrupted(); // A cancelled one is cancelled in its row by now.
      var told = told(id, failure);
      if (responses.change(id, Json.text(work.failed().apply(told)), false)) {
        work.tell().accept(told);
      }
    } finally {
      running.remove(id);
      followed.end(id);
    }
  }

  private static ApiException told(String id, RuntimeException failure) {
    if (failure instanceof ApiException refused) {
      return refused;
    }
    LOG.error("{} failed; whoever polls it is told", id, failure);
    return new ApiException(
        ErrorCode.INTERNAL,
        "The server had an error while making the response. Its log says more under " + id + ".",
        Optional.empty());
  }

  /// Ends those that an earlier life of the server left; to be called before the server listens.
  public void sweep() {
    responses.open().forEach(this::current);
  }

  /// A response as it stands now.
  JsonNode current(String id) {
    var stored = responses.get(id);
    if (stored.open() && !running.containsKey(id)) {
      responses.change(id, broken(Json.tree(stored.answer())), false);
      stored = responses.get(id);
    }
    return Json.tree(stored.answer());
  }

  /// Tells the events of a response from `first` on, as they come, until it has ended. Of one whose
  /// events are gone only the last is told, which has the whole response.
  ///
  /// @param to takes an event and its type; what it throws ends the telling
  void follow(String id, int first, BiConsumer<String, Object> to) {
    var found = followed.find(id);
    if (found.isEmpty()) {
      var last = lastEvent(current(id), first);
      to.accept(last.path("type").asString(), last);
      return;
    }
    responses.get(id); // It may be too old.
    try {
      int number = first;
      for (var event = found.get().event(number);
          event.isPresent();
          event = found.get().event(++number)) {
        to.accept(event.get().type(), event.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException(e);
    }
  }

  private static ObjectNode lastEvent(JsonNode answer, int number) {
    var status = answer.path("status").asString();
    if (!EVENT_ENDS.contains(status)) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          "Invalid value: 'stream' is true, but the response is %s and was not made with 'background' and 'stream'. Ask for it without 'stream'."
              .formatted(status),
          Optional.of("stream"));
    }
    var event =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "response." + status)
            .put("sequence_number", number);
    event.set("response", answer);
    return event;
  }

  private static String broken(JsonNode answer) {
    var failed = ((ObjectNode) answer).put("status", "failed");
    failed
        .putObject("error")
        .put("code", "server_error")
        .put("message", "The server stopped before the response was complete.");
    return Json.text(failed);
  }

  /// Ends one that is being made; what has ended stays as it is.
  JsonNode cancel(String id) {
    var answer = current(id);
    if (!answer.path("background").asBoolean()) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "Cannot cancel a synchronous response: only those made with 'background': true.",
          Optional.of("response_id"));
    }
    var cancelled = ((ObjectNode) answer.deepCopy()).put("status", "cancelled");
    if (responses.change(id, Json.text(cancelled), false)) {
      interrupt(id);
    }
    return current(id);
  }

  void delete(String id) {
    responses.delete(id);
    followed.forget(id);
    interrupt(id);
  }

  private void interrupt(String id) {
    var thread = running.get(id);
    if (thread != null) {
      thread.interrupt();
    }
  }

  /// Ends all that are being made.
  @Override
  public void close() {
    var threads = running.values().stream().toList();
    threads.forEach(Thread::interrupt);
    try {
      for (var thread : threads) {
        thread.join(STOP_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
