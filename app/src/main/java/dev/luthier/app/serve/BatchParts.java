package dev.luthier.app.serve;

import dev.luthier.gateway.HttpLineAnswers;
import dev.luthier.platform.Bell;
import dev.luthier.platform.Happenings;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Pulse;
import dev.luthier.platform.batches.BatchRunner;
import dev.luthier.platform.batches.BatchService;
import dev.luthier.platform.batches.BatchStore;
import dev.luthier.platform.chat.InteractiveFirst;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.store.sql.SqlBatchStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/// Batches: who takes them, and who runs them in the background.
final class BatchParts {
  private static final Pulse.Rhythm RHYTHM =
      new Pulse.Rhythm(Duration.ofMillis(250), Duration.ofSeconds(5));

  /// Few enough that somebody who comes in between finds room in the running decoding.
  private static final int LINES_AT_ONCE = 4;

  /// How long a line lets others go first.
  private static final Duration STEP_BACK = Duration.ofSeconds(10);

  private static final Duration RETRY_WAIT = Duration.ofSeconds(2);

  private final PublicParts.Stores stores;
  private final Bell ordered = new Bell();
  private final BatchStore rows;
  private final Happenings happenings;
  private final Identifiers identifiers;
  private final Clock clock;

  /// @param happenings hears of batches that end
  BatchParts(
      PublicParts.Stores stores, Happenings happenings, Identifiers identifiers, Clock clock) {
    this.happenings = happenings;
    this.stores = stores;
    this.rows = new SqlBatchStore(stores.database(), ordered);
    this.identifiers = identifiers;
    this.clock = clock;
  }

  BatchService service() {
    return new BatchService(rows, stores.fileRows(), stores.database(), identifiers, clock);
  }

  /// Runs batches until it is closed; the server must listen.
  void start(
      URI server, String key, ModelService models, InteractiveFirst inference, Closing closing) {
    var answers = closing.add(new HttpLineAnswers(server, key));
    var runner =
        closing.add(
            new BatchRunner(
                new BatchRunner.Collaborators(
                    rows,
                    stores.files(),
                    stores.fileRows(),
                    stores.blobs(),
                    name -> models.resolve(name) instanceof ResolvedModel.Callable,
                    answers,
                    happenings,
                    stores.database()),
                new BatchRunner.Pace(
                    LINES_AT_ONCE, () -> inference.awaitIdle(STEP_BACK), RETRY_WAIT),
                identifiers,
                clock));
    closing.add(new Pulse("batches", ordered, RHYTHM, runner::tick));
  }
}
