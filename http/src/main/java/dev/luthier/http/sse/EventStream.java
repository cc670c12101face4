package dev.luthier.http.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.luthier.wire.Json;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// The events of one answer, each sent and flushed before the call returns. Safe for two threads:
/// the one that answers and the one that keeps the connection alive.
///
/// Nothing is sent before the first event or the first keep-alive, so that until then the answer
/// can still be an ordinary refusal with its own status.
public final class EventStream {

  /// Name of the request's attribute with a `Runnable` that adds headers before the first event.
  public static final String BEFORE_FIRST = "luthier.beforeFirstEvent";

  private final Context context;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ending = lock.newCondition();
  private boolean opened;
  private boolean wroteSinceLook;
  private boolean ended;
  private boolean gone;

  EventStream(Context context) {
    this.context = context;
  }

  /// Sends `data: {…}`. Throws [ClientGoneException] when nobody reads any more.
  public void data(Object json) {
    send(line("data: ", Json.bytes(json)));
  }

  /// Sends an event with a name and its data.
  public void event(String name, Object json) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(("event: " + name + "\n").getBytes(UTF_8));
    bytes.writeBytes(line("data: ", Json.bytes(json)));
    send(bytes.toByteArray());
  }

  /// Sends the end mark of a chat or completion stream.
  public void done() {
    send("data: [DONE]\n\n".getBytes(UTF_8));
  }

  boolean opened() {
    return locked(() -> opened);
  }

  /// Whether a write has failed because the client went away.
  boolean gone() {
    return locked(() -> gone);
  }

  /// No keep-alive follows.
  void end() {
    locked(() -> {
      ended = true;
      ending.signalAll();
      return true;
    });
  }

  /// Sends a comment whenever nothing was sent for `silence`, until the stream ends. Throws
  /// [ClientGoneException] when a comment cannot be sent: that is how a client that leaves while
  /// its prompt is computed is noticed.
  void keepAlive(Duration silence) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ended) {
        wroteSinceLook = false;
        boolean signalled = ending.await(silence.toNanos(), TimeUnit.NANOSECONDS);
        if (!signalled && !ended && !wroteSinceLook) {
          write(": keep-alive\n\n".getBytes(UTF_8));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void send(byte[] bytes) {
    locked(() -> {
      write(bytes);
      return true;
    });
  }

  /// Needs the lock.
  private void write(byte[] bytes) {
    if (gone) {
      throw new ClientGoneException();
    }
    try {
      if (!opened) {
        opened = true;
        Runnable before = context.attribute(BEFORE_FIRST);
        if (before != null) {
          before.run();
        }
        context.res().setContentType("text/event-stream; charset=utf-8");
        context.res().setHeader("x-accel-buffering", "no");
      }
      wroteSinceLook = true;
      var output = context.res().getOutputStream();
      output.write(bytes);
      output.flush();
    } catch (IOException left) {
      gone = true;
      throw new ClientGoneException(left);
    }
  }

  private boolean locked(BooleanSupplier work) {
    lock.lock();
    try {
      return work.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  private static byte[] line(String field, byte[] json) {
    var bytes = new ByteArrayOutputStream(json.length + field.length() + 2);
    bytes.writeBytes(field.getBytes(UTF_8));
    bytes.writeBytes(json);
    bytes.writeBytes("\n\n".getBytes(UTF_8));
    return bytes.toByteArray();
  }
}
