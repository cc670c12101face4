package dev.luthier.app.serve;

import dev.luthier.gateway.HttpLineAnswers;
import dev.luthier.http.Routes;
import dev.luthier.http.api.GraderResource;
import dev.luthier.http.api.GradingRoutes;
import dev.luthier.http.api.ModelAccess;
import dev.luthier.platform.Bell;
import dev.luthier.platform.Happenings;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Pulse;
import dev.luthier.platform.batches.PatientAnswers;
import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.chat.InteractiveFirst;
import dev.luthier.platform.evals.EvalRunner;
import dev.luthier.platform.evals.EvalService;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.platform.evals.RowJudge;
import dev.luthier.platform.evals.RowReader;
import dev.luthier.platform.graders.ChatJudge;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.stored.CompletionService;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.store.sql.SqlEvalStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// What judges answers: graders that are tried, evals, and who runs those in the background.
final class EvalParts {
  private static final Pulse.Rhythm RHYTHM =
      new Pulse.Rhythm(Duration.ofMillis(250), Duration.ofSeconds(5));

  /// Few enough that somebody who comes in between finds room in the running decoding.
  private static final int ROWS_AT_ONCE = 4;

  /// How long a row lets others go first.
  private static final Duration STEP_BACK = Duration.ofSeconds(10);

  private static final Duration RETRY_WAIT = Duration.ofSeconds(2);

  private final PublicParts.Stores stores;
  private final Bell ordered = new Bell();
  private final EvalStore rows;
  private final RowReader reader;
  private final Identifiers identifiers;
  private final Clock clock;

  /// @param happenings hears of runs that end
  EvalParts(
      PublicParts.Stores stores,
      CompletionService completions,
      ResponseService responses,
      Happenings happenings,
      Identifiers identifiers,
      Clock clock) {
    this.stores = stores;
    this.rows = new SqlEvalStore(stores.database(), happenings, ordered);
    this.reader = new RowReader(stores.fileRows(), stores.blobs(), completions, responses, clock);
    this.identifiers = identifiers;
    this.clock = clock;
  }

  private static Graders graders(ChatService chat) {
    return new Graders(new ChatJudge(chat), System::nanoTime);
  }

  Routes routes(ChatService chat, IdempotentCreations creations, ModelAccess access) {
    var evals =
        new EvalService(
            new EvalService.Collaborators(
                rows, reader, name -> chat.model(name, Optional.empty()).name(), stores.database()),
            identifiers,
            clock);
    return new GradingRoutes(new GraderResource(graders(chat), chat), evals, creations, access);
  }

  /// Runs evals until it is closed; the server must listen.
  void start(
      URI server, String key, ChatService chat, InteractiveFirst inference, Closing closing) {
    var answers = closing.add(new HttpLineAnswers(server, key));
    var runner =
        closing.add(
            new EvalRunner(
                rows,
                reader,
                new RowJudge(
                    new PatientAnswers(answers, RETRY_WAIT), graders(chat), identifiers, clock),
                new EvalRunner.Pace(ROWS_AT_ONCE, () -> inference.awaitIdle(STEP_BACK)),
                stores.database()));
    closing.add(new Pulse("evals", ordered, RHYTHM, runner::tick));
  }
}
