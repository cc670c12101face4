package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.integrations.JobIntegrations;
import dev.luthier.platform.integrations.TensorBoardFile;
import dev.luthier.platform.integrations.Tracker;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.Integration;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.store.folder.FolderIntegrationStore;
import dev.luthier.store.sql.SqlEventStore;
import dev.luthier.store.sql.SqlJobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The figures of jobs on their way to TensorBoard and to a tracking service, over restarts and
/// failures.
class IntegrationsTest {
  /// Keeps what it is told, as the service would.
  private static final class Service implements Tracker {
    final List<Description> begun = new ArrayList<>();
    final List<Map<String, Double>> lines = new ArrayList<>();
    final List<Boolean> ends = new ArrayList<>();
    int heartbeats;
    Optional<IOException> trouble = Optional.empty();

    private void fail() throws IOException {
      if (trouble.isPresent()) {
        throw trouble.get();
      }
    }

    @Override
    public Run begin(Description description) throws IOException {
      fail();
      begun.add(description);
      return new Run("team", description.project(), description.id(), lines.size(), "http://w/r");
    }

    @Override
    public void history(Run run, int from, List<Map<String, Double>> more) throws IOException {
      fail();
      assertEquals(lines.size(), from, "no line is left out, none comes twice");
      heartbeats += more.isEmpty() ? 1 : 0;
      lines.addAll(more);
    }

    @Override
    public void end(Run run, boolean succeeded) throws IOException {
      fail();
      ends.add(succeeded);
    }
  }

  @TempDir Path data;
  private final SetClock clock = new SetClock();
  private final PlayedLauncher launcher = new PlayedLauncher();
  private final Service service = new Service();
  private House house;
  private JobIntegrations integrations;

  @BeforeEach
  void open() throws IOException {
    house = new House(data, clock, launcher, 1);
    integrations = integrations(Optional.of(service));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private void restart() throws IOException {
    house.close();
    house = new House(data, clock, launcher, 2);
    integrations = integrations(Optional.of(service));
  }

  private JobIntegrations integrations(Optional<Tracker> tracker) throws IOException {
    var events = new SqlEventStore(house.database);
    return new JobIntegrations(
        new JobIntegrations.Collaborators(
            new SqlJobStore(house.database),
            events,
            new JobLedger(events, new Identifiers(new Random(3)), clock),
            new FolderIntegrationStore(data.resolve("integrations"), data.resolve("tensorboard")),
            tracker,
            house.database),
        clock);
  }

  private Job job(Integration... asked) {
    var file = house.upload("rows.jsonl", "row\n".repeat(10)).id();
    return house.jobs.create(
        new CreateJob(
            "gpt-3.5-turbo",
            file,
            Optional.empty(),
            Optional.of("trees"),
            OptionalInt.of(7),
            Optional.empty(),
            Optional.empty(),
            List.of(asked),
            Optional.empty()));
  }

  private static Integration wandb() {
    return new Integration.Wandb("forest", Optional.empty(), Optional.of("team"), List.of("a"));
  }

  private List<String> said(Job job) {
    return house.story(job).stream().filter(line -> line.startsWith("Weights")).toList();
  }

  @Test
  void aRunGetsALineAStepAndItsEnd() throws IOException {
    Job job = job(wandb());
    integrations.tick();
    assertEquals(List.of(), service.begun, "nothing is told before there is something to tell");
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 3, 100);
    integrations.tick();
    var begun = service.begun.getFirst();
    assertEquals(job.id(), begun.id());
    assertEquals("forest", begun.project());
    assertEquals(Optional.of("team"), begun.entity());
    assertEquals("10", begun.config().get("n_epochs"));
    assertEquals(3, service.lines.size());
    assertEquals(3.94, service.lines.get(2).get("train_loss"));
    assertEquals(3.0, service.lines.get(2).get("_step"));
    integrations.tick();
    assertEquals(0, service.heartbeats);
    clock.pass(Duration.ofSeconds(31));
    integrations.tick();
    assertEquals(1, service.heartbeats, "a run that is silent is taken for dead");
    trainer.steps(4, 10, 100);
    trainer.checkpoint(10, 1, 100);
    trainer.trainToTheEnd(10);
    integrations.tick();
    integrations.tick();
    assertEquals(100, service.lines.size());
    assertEquals(List.of(true), service.ends);
    assertEquals(List.of("Weights & Biases run: http://w/r"), said(job));
  }

  @Test
  void whatEndedBeforeARestartIsStillSentAfterIt() throws IOException {
    Job job = job(wandb());
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 10, 100);
    integrations.tick();
    trainer.checkpoint(10, 1, 100);
    trainer.trainToTheEnd(10);
    restart();
    integrations.tick();
    assertEquals(100, service.lines.size());
    assertEquals(List.of(true), service.ends);
    assertEquals(2, service.begun.size());
    assertEquals(List.of("Weights & Biases run: http://w/r"), said(job));
    restart();
    integrations.tick();
    assertEquals(2, service.begun.size(), "what is delivered is not taken up again");
  }

  @Test
  void aServiceThatIsAwayGetsEverythingLaterAndTheJobGoesOn() throws IOException {
    Job job = job(wandb());
    PlayedTrainer trainer = house.running();
    service.trouble = Optional.of(new IOException("no route"));
    trainer.steps(1, 5, 100);
    integrations.tick();
    integrations.tick();
    trainer.steps(6, 9, 100);
    service.trouble = Optional.empty();
    integrations.tick();
    assertEquals(0, service.lines.size(), "not before the pause is over");
    clock.pass(Duration.ofSeconds(3));
    integrations.tick();
    assertEquals(9, service.lines.size());
    assertEquals(JobState.RUNNING, house.job(job).state());
    assertEquals(
        List.of(
            "Weights & Biases cannot be reached (no route); the figures are sent again later",
            "Weights & Biases run: http://w/r"),
        said(job));
  }

  @Test
  void aServiceThatStaysAwayIsGivenUp() throws IOException {
    Job job = job(wandb());
    service.trouble = Optional.of(new IOException("no route"));
    house.running().steps(1, 5, 100);
    for (int i = 0; i < 20; i++) {
      integrations.tick();
      clock.pass(Duration.ofSeconds(61));
    }
    service.trouble = Optional.empty();
    integrations.tick();
    assertEquals(0, service.begun.size());
    assertEquals(2, said(job).size());
    assertTrue(said(job).getLast().contains("is not sent any more"), said(job).getLast());
  }

  @Test
  void aRefusalEndsItWithAWarning() throws IOException {
    Job job = job(wandb());
    service.trouble = Optional.of(new Tracker.RefusedException("status 401, bad key"));
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 5, 100);
    integrations.tick();
    service.trouble = Optional.empty();
    clock.pass(Duration.ofMinutes(5));
    integrations.tick();
    assertEquals(List.of(), service.lines);
    assertEquals(
        List.of("Weights & Biases refused the figures: status 401, bad key. They are not sent."),
        said(job));
  }

  @Test
  void whereNothingMayBeSentAWarningSaysSo() throws IOException {
    Job job = job(wandb());
    integrations = integrations(Optional.empty());
    integrations.tick();
    integrations.tick();
    assertEquals(1, house.story(job).stream().filter(line -> line.contains("wandb_url")).count());
  }

  @Test
  void anEventFileGrowsWithTheStepsAndOverARestart() throws IOException {
    Job job = job(new Integration.TensorBoard());
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 3, 100);
    integrations.tick();
    Path file =
        data.resolve("tensorboard")
            .resolve(job.id())
            .resolve(TensorBoardFile.name(job.createdAt()));
    long three = Files.size(file);
    // As a crash in mid-write would leave it.
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) three - 5));
    restart();
    integrations.tick();
    assertArrayEquals(
        TensorBoardFile.of(job.createdAt(), house.jobs.metrics(job.id())),
        Files.readAllBytes(file));
    assertEquals(three, Files.size(file));
    assertEquals(List.of(), house.story(job).stream().filter(l -> l.contains("TensorB")).toList());
  }
}
