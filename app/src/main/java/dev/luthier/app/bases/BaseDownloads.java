package dev.luthier.app.bases;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.models.BaseLibrary;
import dev.luthier.platform.models.BaseOffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches bases beside a running server, one after the other.
///
/// What is wanted stands as an empty file beside what is fetched until it is there or nobody wants
/// it any more, so that a start goes on with what a stop or a crash has cut off.
public final class BaseDownloads implements BaseLibrary, AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(BaseDownloads.class);

  private record Running(DownloadProgress progress, Future<?> work) {}

  private final Bases bases;
  private final InstantSource clock;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("bases").daemon(true).factory());

  /// Nothing is fetched yet; [#resume] goes on with what was cut off.
  public BaseDownloads(Bases bases, InstantSource clock) {
    this.bases = bases;
    this.clock = clock;
  }

  /// Goes on with what an earlier life of the server was fetching.
  public void resume() throws IOException {
    for (String id : bases.wanted()) {
      if (bases.present(id)) {
        bases.want(id, false);
      } else {
        log.info("the download of the base {} goes on", id);
        begin(id);
      }
    }
  }

  @Override
  public List<BaseOffer> list() {
    try {
      return bases.offers().stream().map(this::withProgress).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("the bases cannot be listed", e);
    }
  }

  private BaseOffer withProgress(BaseOffer offer) {
    return switch (offer.state()) {
      case BaseOffer.State.Absent(long fetched, Optional<String> _) -> {
        Running now = running.get(offer.id());
        BaseOffer.State state =
            now == null
                ? new BaseOffer.State.Absent(fetched, Optional.ofNullable(failures.get(offer.id())))
                : now.progress().state();
        yield new BaseOffer(
            offer.id(), offer.family(), offer.licence(), offer.source(), offer.bytes(), state);
      }
      case BaseOffer.State.Present _, BaseOffer.State.Fetching _ -> offer;
    };
  }

  @Override
  public synchronized void fetch(String id) {
    if (!bases.offered(id)) {
      throw new ApiException(
          ErrorCode.MODEL_NOT_FOUND,
          "There is no base '"
              + ApiException.shown(id)
              + "' in the catalog; it holds "
              + String.join(", ", bases.catalogIds())
              + ".",
          Optional.of("id"));
    }
    if (bases.present(id)) {
      throw new ApiException(
          ErrorCode.CONFLICT, "The base '" + id + "' is here already.", Optional.of("id"));
    }
    try {
      bases.want(id, true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note that " + id + " is wanted", e);
    }
    begin(id);
  }

  private synchronized void begin(String id) {
    failures.remove(id);
    running.computeIfAbsent(
        id,
        _ -> {
          DownloadProgress progress = new DownloadProgress(clock);
          return new Running(progress, worker.submit(() -> work(id, progress)));
        });
  }

  private void work(String id, DownloadProgress progress) {
    try {
      bases.ensure(id, progress);
      log.info("the base {} is here", id);
      done(id, true);
    } catch (InterruptedException | CancellationException _) {
      log.info("the download of the base {} was stopped", id);
      done(id, false);
    } catch (IOException | RuntimeException failure) {
      log.warn("the base {} could not be fetched", id, failure);
      failures.put(id, String.valueOf(failure.getMessage()));
      done(id, true);
    }
  }

  /// @param settled whether nobody is to go on with it at the next start
  private synchronized void done(String id, boolean settled) {
    running.remove(id);
    if (settled) {
      forget(id);
    }
  }

  private void forget(String id) {
    try {
      bases.want(id, false);
    } catch (IOException e) {
      log.warn("the next start fetches {} again: its mark cannot be removed", id, e);
    }
  }

  @Override
  public synchronized void stop(String id) {
    Running now = running.get(id);
    if (now != null) {
      forget(id);
      cancel(now);
      if (now.progress().untouched()) {
        running.remove(id); // It never began, so nobody else will take it off.
      }
    }
  }

  private static void cancel(Running now) {
    now.progress().cancel();
    now.work().cancel(true);
  }

  /// Ends what is being fetched; the next start goes on with it.
  @Override
  public void close() {
    running.values().forEach(BaseDownloads::cancel);
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("a download has not ended within {} s", CLOSE_WAIT.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
