package dev.luthier.worker.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.HeartbeatRequest;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.FakeServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServerClientTest {
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(10));

  private FakeServer server;
  private ServerClient client;
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
    client = ServerClient.open(server.url(), SHORT);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private ServerClient enrolled() throws InterruptedException {
    return client.enrol(new EnrolRequest("launch", FakeServer.CODE));
  }

  @Test
  void aLostRequestIsSentAgain() throws InterruptedException {
    ServerClient worker = enrolled();
    server.loseRequest = number -> number < 5;
    worker.post("job/events", new EventRequest(EventRequest.Level.WARN, "cut"));
    assertEquals(List.of("cut"), server.events);
    assertEquals(5, server.requests());
  }

  @Test
  void aRequestWhoseAnswerWasLostIsSentAgain() throws InterruptedException {
    ServerClient worker = enrolled();
    server.loseAnswer = number -> number == 2;
    worker.post("job/events", new EventRequest(EventRequest.Level.WARN, "cut"));
    assertEquals(3, server.requests());
  }

  @Test
  void aServerThatStaysAwayIsGivenUp() throws InterruptedException {
    ServerClient worker =
        enrolled()
            .with(new Patience(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(50)));
    server.loseRequest = _ -> true;
    var away =
        assertThrows(
            ServerAwayException.class, () -> worker.post("job/heartbeat", new HeartbeatRequest(1)));
    assertTrue(away.toString().contains("POST job/heartbeat"), away.toString());
  }

  @Test
  void nobodyListeningIsAServerThatIsAway() {
    URI closed = server.url();
    server.close();
    try (var alone =
        ServerClient.open(
            closed, new Patience(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ZERO))) {
      assertThrows(
          ServerAwayException.class,
          () -> alone.enrol(new EnrolRequest("launch", FakeServer.CODE)));
    }
  }

  @Test
  void aSecondTradeOfACodeFences() throws InterruptedException {
    enrolled();
    assertThrows(FencedException.class, this::enrolled);
  }

  @Test
  void aConflictIsNotRepeated() throws InterruptedException {
    ServerClient worker = enrolled();
    server.fenced = true;
    assertThrows(
        FencedException.class, () -> worker.post("job/heartbeat", new HeartbeatRequest(1)));
    assertEquals(2, server.requests());
  }

  @Test
  void aRefusalSaysWhatWasRefusedAndWhy() throws InterruptedException {
    ServerClient worker = enrolled();
    var refused = assertThrows(RefusedException.class, () -> worker.get("job", TrainerJob.class));
    assertTrue(refused.toString().contains("no job"), refused.toString());
  }

  @Test
  void aFileIsFetchedWholeOrNotThere() throws IOException, InterruptedException {
    ServerClient worker = enrolled();
    server.rows = "{}\n";
    Path rows = folder.resolve("rows.jsonl");
    server.loseAnswer = number -> number == 2;
    assertTrue(worker.fetch("job/training-file", rows));
    assertEquals("{}\n", Files.readString(rows));
    assertFalse(worker.fetch("job/resume-state", folder.resolve("state")));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(rows), files.toList());
    }
  }
}
