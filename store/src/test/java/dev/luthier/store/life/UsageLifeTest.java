package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.luthier.platform.chat.CallOrigin;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Inference;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.platform.usage.TokensUsed;
import dev.luthier.platform.usage.UsageMeter;
import dev.luthier.platform.usage.UsageQuery;
import dev.luthier.platform.usage.UsageReport;
import dev.luthier.platform.usage.UsageService;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlUsageStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens from a generation to a report, on real rows.
class UsageLifeTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SetClock clock = new SetClock(); // noon
  private final Instant start = clock.instant();

  @TempDir Path folder;
  private Database database;
  private UsageMeter meter;
  private Inference inference;
  private UsageService usage;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("luthier.db"), clock);
    meter = new UsageMeter(new SqlUsageStore(database), clock);
    inference =
        meter.over((_, sink) -> {
          sink.started(10);
          sink.finished(0, FinishReason.STOP);
          sink.usage(new Usage(10, 3, 4));
        });
    usage = new UsageService(meter, new SqlUsageStore(database), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static GenerationCall call(String model) {
    return new GenerationCall(
        new ResolvedModel.Base(new BaseModel(model, Instant.EPOCH, Path.of("none"))),
        new GenerationRequest(
            new Prompt.Text("Hi"),
            1,
            OptionalInt.of(3),
            List.of(),
            Sampling.DEFAULT,
            OptionalInt.empty(),
            false));
  }

  private void ask(String model) {
    inference.generate(call(model), new Unread());
  }

  private UsageQuery query(Duration width, int limit) {
    return new UsageQuery(
        start,
        start.plus(Duration.ofDays(2)),
        width,
        Set.of(),
        Optional.empty(),
        false,
        false,
        limit);
  }

  private static List<TokensUsed> sums(UsageReport report) {
    return report.stretches().stream()
        .flatMap(stretch -> stretch.lines().stream())
        .map(UsageReport.Line::tokens)
        .toList();
  }

  @Test
  void tokensAreAddedUpByTheWidth() {
    ask("a");
    clock.pass(Duration.ofMinutes(1));
    ask("b");
    clock.pass(Duration.ofMinutes(59));
    ask("a");
    var one = new TokensUsed(10, 4, 3, 1);
    var minutes = usage.report(query(Duration.ofMinutes(1), 61));
    assertEquals(List.of(one, one, one), sums(minutes));
    assertEquals(61, minutes.stretches().size());
    assertEquals(Optional.of(start.plus(Duration.ofMinutes(61))), minutes.next());
    assertEquals(List.of(one.plus(one), one), sums(usage.report(query(HOUR, 5))));
    var days = usage.report(query(Duration.ofDays(1), 31));
    assertEquals(List.of(one.plus(one).plus(one)), sums(days));
    assertEquals(3, days.stretches().size(), "noon to noon touches three days");
    assertEquals(Optional.empty(), days.next());
    assertEquals(start.minus(Duration.ofHours(12)), days.stretches().getFirst().start());
  }

  @Test
  void modelsAndBatchesAreToldApartWhenThatIsAsked() {
    ask("a");
    CallOrigin.BATCH.run(() -> ask("a"));
    ask("b");
    var apart =
        usage.report(
            new UsageQuery(
                start, start.plus(HOUR), HOUR, Set.of("a"), Optional.empty(), true, true, 1));
    assertEquals(
        List.of(
            new UsageReport.Line(Optional.of("a"), Optional.of(false), new TokensUsed(10, 4, 3, 1)),
            new UsageReport.Line(Optional.of("a"), Optional.of(true), new TokensUsed(10, 4, 3, 1))),
        apart.stretches().getFirst().lines());
    var batches =
        usage.report(
            new UsageQuery(
                start, start.plus(HOUR), HOUR, Set.of(), Optional.of(true), false, false, 1));
    assertEquals(List.of(new TokensUsed(10, 4, 3, 1)), sums(batches));
  }

  @Test
  void minutesOfLastWeekBecomeHoursAndLoseNothing() {
    for (int i = 0; i < 5; i++) {
      ask("a");
      clock.pass(Duration.ofMinutes(7));
    }
    meter.flush();
    clock.pass(Duration.ofDays(9));
    usage.purge();
    assertEquals(
        List.of(new TokensUsed(50, 20, 15, 5)),
        sums(usage.report(query(Duration.ofMinutes(1), 1440))));
    usage.purge();
    assertEquals(List.of(new TokensUsed(50, 20, 15, 5)), sums(usage.report(query(HOUR, 24))));
  }

  @Test
  void anAnswerThatBreaksOffHasReadItsPrompt() {
    inference =
        meter.over((_, sink) -> {
          sink.started(10);
          throw new IllegalStateException("gone");
        });
    assertThrows(IllegalStateException.class, () -> ask("a"));
    meter.flush();
    assertEquals(List.of(new TokensUsed(10, 0, 0, 1)), sums(usage.report(query(HOUR, 1))));
  }

  private record Unread() implements GenerationSink {
    @Override
    public void started(int promptTokens) {}

    @Override
    public void delta(int index, String text, List<TokenLogprob> logprobs) {}

    @Override
    public void finished(int index, FinishReason reason) {}

    @Override
    public void usage(Usage usage) {}
  }
}
