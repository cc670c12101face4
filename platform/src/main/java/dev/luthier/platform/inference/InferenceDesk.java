package dev.luthier.platform.inference;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.launch.Launch;
import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.LaunchStore;
import dev.luthier.platform.launch.Launcher;
import dev.luthier.platform.launch.Sighting;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.BaseStore;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to one inference process a base, or fine-tune with weights of its own. Safe for many
/// threads.
///
/// Addresses are kept in memory only: after a restart of the server, a process that still lives is
/// told to register again by its next heartbeat.
public final class InferenceDesk implements EnrolmentDesk.Reception, AutoCloseable {
  /// Deaths in a row, without a registration between, after which a caller is told.
  private static final int STARTS_MAX = 3;

  private static final int LOG_BYTES = 4000;
  private static final Logger log = LoggerFactory.getLogger(InferenceDesk.class);

  /// How processes are kept.
  ///
  /// @param server where workers find this server
  /// @param startWait how long a started process may take to register
  /// @param silence how long a process may be silent before it is replaced
  public record Settings(URI server, Duration startWait, Duration silence, Duration stopGrace) {
    public static Settings of(URI server) {
      return new Settings(
          server, Duration.ofMinutes(2), Duration.ofSeconds(60), Duration.ofSeconds(3));
    }
  }

  private final LaunchStore launches;
  private final Launcher launcher;
  private final BaseStore bases;
  private final Settings settings;
  private final Identifiers identifiers;
  private final Clock clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// Changed under the lock; read without it where a transaction is open, which another thread may
  /// wait for under the lock.
  private final Map<String, Place> places = new ConcurrentHashMap<>();

  private final Map<String, Integer> failedStarts = new HashMap<>();
  private final Map<String, String> lastFailures = new HashMap<>();
  private boolean closed;

  public InferenceDesk(
      LaunchStore launches,
      Launcher launcher,
      BaseStore bases,
      Settings settings,
      Identifiers identifiers,
      Clock clock) {
    this.launches = launches;
    this.launcher = launcher;
    this.bases = bases;
    this.settings = settings;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// Takes over processes that outlived an earlier life of the server; call it once at the start.
  /// One that was told to end is none of them, though it may still be seen ending: its row is gone.
  public void adopt() {
    for (Sighting sighting : launcher.list()) {
      Optional<Launch> launch =
          launches.find(sighting.id()).filter(row -> row.kind() == WorkerKind.INFERENCE);
      if (launch.isPresent() && sighting.status() instanceof Sighting.Status.Running) {
        locked(() -> adopt(launch.get().subject(), sighting.id()));
      }
    }
  }

  private void adopt(String id, LaunchId launch) {
    places.put(id, new Place(id, launch, clock.instant()));
  }

  @Override
  public void enrolled(Launch launch) {
    if (place(launch).isEmpty()) {
      throw new FencedException(launch.id() + " is no longer wanted");
    }
  }

  private Optional<Place> place(Launch launch) {
    return Optional.ofNullable(places.get(launch.subject()))
        .filter(place -> place.launch.equals(launch.id()));
  }

  private Launch launch(String token) {
    return launches
        .byToken(SecretHash.of(token))
        .filter(launch -> launch.kind() == WorkerKind.INFERENCE)
        .orElseThrow(() -> new FencedException("no inference process has this token"));
  }

  /// What the process of this token is to serve.
  public InferenceJob job(String token) {
    String baseId = launch(token).subject();
    BaseModel base =
        bases
            .find(baseId)
            .orElseThrow(() -> new FencedException("the base " + baseId + " has been removed"));
    return new InferenceJob(base.id(), base.folder());
  }

  /// The process is ready. Again: its address has changed, or the server is new.
  public void register(String token, Registration registration) {
    Launch launch = launch(token);
    if (!launch.subject().equals(registration.baseId())) {
      throw new FencedException(
          launch.id() + " was started for another base than " + registration.baseId());
    }
    lock.lock();
    try {
      Place place =
          place(launch)
              .orElseThrow(() -> new FencedException(launch.id() + " is no longer wanted"));
      place.lastHeard = clock.instant();
      place.endpoint =
          Optional.of(
              new Endpoint(
                  launch.id().text(),
                  registration.baseId(),
                  registration.url(),
                  registration.token(),
                  registration.contextLength()));
      failedStarts.remove(registration.baseId());
      changed.signalAll();
      log.info("{} answers for {} at {}", launch.id(), registration.baseId(), registration.url());
    } finally {
      lock.unlock();
    }
  }

  public InferenceDirective heartbeat(String token) {
    Launch launch = launch(token);
    lock.lock();
    try {
      Place place =
          place(launch)
              .orElseThrow(() -> new FencedException(launch.id() + " is no longer wanted"));
      place.lastHeard = clock.instant();
      return place.endpoint.isPresent() ? InferenceDirective.CONTINUE : InferenceDirective.REGISTER;
    } finally {
      lock.unlock();
    }
  }

  /// The process of this base; starts one when there is none and waits for it, at most `wait`. An
  /// `ApiException` of status 503 when it does not come.
  public Endpoint endpoint(String baseId, Duration wait) {
    long nanosLeft = wait.toNanos();
    lock.lock();
    try {
      while (true) {
        Place place = places.get(baseId);
        if (place != null && place.endpoint.isPresent()) {
          place.lastAsked = clock.instant();
          return place.endpoint.get();
        }
        if (place == null) {
          start(baseId);
        }
        if (nanosLeft <= 0) {
          throw unavailable(baseId, "has not come up within " + wait.toSeconds() + " s");
        }
        nanosLeft = changed.awaitNanos(nanosLeft);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(baseId, "was waited for until the wait was interrupted");
    } finally {
      lock.unlock();
    }
  }

  /// Starts the process of this base ahead of the first request, without waiting.
  public void warm(String baseId) {
    locked(() -> {
      if (!places.containsKey(baseId)) {
        start(baseId);
      }
    });
  }

  /// The caller could not reach this endpoint: the next [#endpoint] gives another.
  public void unreachable(Endpoint endpoint) {
    locked(() -> {
      Place place = places.get(endpoint.baseId());
      if (place != null && place.endpoint.filter(endpoint::equals).isPresent()) {
        replace(endpoint.baseId(), place, "could not be reached at " + endpoint.url());
      }
    });
  }

  /// Notices processes that have died or fallen silent, and replaces those.
  public void tick() {
    // A process that starts while the launcher is asked is missing from the answer, and is fine.
    Set<Place> before = new HashSet<>();
    locked(() -> before.addAll(places.values()));
    Map<LaunchId, Sighting> sightings = new HashMap<>();
    launcher.list().forEach(sighting -> sightings.put(sighting.id(), sighting));
    locked(() -> {
      for (String baseId : places.keySet().toArray(String[]::new)) {
        Place place = Objects.requireNonNull(places.get(baseId));
        if (WholeModels.isIdle(place, clock.instant()) || isDeleted(place)) {
          retire(place);
        } else if (before.contains(place)) {
          failure(place, Optional.ofNullable(sightings.get(place.launch)))
              .ifPresent(reason -> replace(baseId, place, reason));
        }
      }
      sightings.values().forEach(this::clearAway);
    });
  }

  private boolean isDeleted(Place place) {
    return place.isWholeModel() && bases.find(place.id).isEmpty();
  }

  private void retire(Place place) {
    log.info("{} ends: nobody asks it", place.launch);
    places.remove(place.id);
    dismiss(place.launch);
    changed.signalAll();
  }

  private void makeRoom(String id) {
    switch (WholeModels.room(places.values(), clock.instant())) {
      case WholeModels.Room.Free() -> {}
      case WholeModels.Room.InPlaceOf(Place quietest) -> retire(quietest);
      case WholeModels.Room.None() ->
          throw unavailable(
              id,
              "is not started: %d fine-tunes with weights of their own answer already, which is the most at once"
                  .formatted(WholeModels.MOST));
    }
  }

  private Optional<String> failure(Place place, Optional<Sighting> seen) {
    if (seen.isEmpty()) {
      return Optional.of("is not known to the launcher");
    }
    if (seen.get().status() instanceof Sighting.Status.Gone gone) {
      return Optional.of("has ended (" + gone.reason() + ")");
    }
    Duration silence = Duration.between(place.lastHeard, clock.instant());
    Duration most = place.endpoint.isPresent() ? settings.silence() : settings.startWait();
    return silence.compareTo(most) > 0
        ? Optional.of("has been silent for " + silence.toSeconds() + " s")
        : Optional.empty();
  }

  private void replace(String baseId, Place place, String reason) {
    log.warn("the inference process {} {}; it is replaced when asked for", place.launch, reason);
    places.remove(baseId);
    boolean everAnswered = place.endpoint.isPresent();
    int failures = failedStarts.merge(baseId, everAnswered ? 0 : 1, Integer::sum);
    lastFailures.put(baseId, reason + lastWords(place.launch));
    dismiss(place.launch);
    if (everAnswered && failures == 0 && !closed) {
      start(baseId); // it was in use: the next request need not wait as long
    }
    changed.signalAll();
  }

  private String lastWords(LaunchId launch) {
    String words =
        launcher
            .logTail(launch, LOG_BYTES)
            .flatMap(text -> text.lines().filter(line -> !line.isBlank()).reduce((_, last) -> last))
            .map(line -> "; its last words: " + line)
            .orElse("");
    return words + "; its log: " + launcher.logPlace(launch);
  }

  private void clearAway(Sighting sighting) {
    boolean trainer = sighting.id().text().startsWith(LaunchId.TRAINER_PREFIX);
    boolean wanted = places.values().stream().anyMatch(place -> place.launch.equals(sighting.id()));
    if (trainer || wanted) {
      return;
    }
    switch (sighting.status()) {
      case Sighting.Status.Gone _ -> launcher.forget(sighting.id());
      case Sighting.Status.Running _, Sighting.Status.Waiting _ ->
          launcher.stop(sighting.id(), settings.stopGrace());
    }
  }

  /// Holds the lock.
  private void start(String baseId) {
    if (closed) {
      throw unavailable(baseId, "is not started: the server is stopping");
    }
    if (failedStarts.getOrDefault(baseId, 0) >= STARTS_MAX) {
      failedStarts.remove(baseId); // the next request tries again
      throw unavailable(baseId, lastFailures.getOrDefault(baseId, "does not start"));
    }
    if (bases.find(baseId).isEmpty()) {
      throw unavailable(baseId, "is not started: the base has been removed");
    }
    if (AdapterStore.isWholeModel(baseId)) {
      makeRoom(baseId);
    }
    LaunchId id = LaunchId.inference(baseId, identifiers.modelSuffix());
    String code = identifiers.secret("enrol-");
    Instant now = clock.instant();
    launches.insert(
        new Launch(
            id, WorkerKind.INFERENCE, baseId, 1, SecretHash.of(code), Optional.empty(), now));
    places.put(baseId, new Place(baseId, id, now));
    try {
      launcher.start(new LaunchSpec(id, WorkerKind.INFERENCE, settings.server(), code));
    } catch (RuntimeException e) {
      places.remove(baseId);
      log.error("the inference process of {} cannot be started", baseId, e);
      throw unavailable(baseId, "cannot be started");
    }
  }

  /// Tells a process to end and forgets its launch, so that a later life of the server does not
  /// take an ending process for one that serves.
  private void dismiss(LaunchId launch) {
    launcher.stop(launch, settings.stopGrace());
    try {
      launches.remove(launch);
    } catch (RuntimeException e) {
      log.warn("the row of {} stays; a server started now may wait for it in vain", launch, e);
    }
  }

  private static ApiException unavailable(String baseId, String what) {
    return new ApiException(
        ErrorCode.UNAVAILABLE,
        "The inference process of " + baseId + " " + what + ".",
        Optional.empty());
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /// Stops all inference processes.
  @Override
  public void close() {
    locked(() -> {
      closed = true;
      places.values().forEach(place -> dismiss(place.launch));
      places.clear();
      changed.signalAll();
    });
  }
}
