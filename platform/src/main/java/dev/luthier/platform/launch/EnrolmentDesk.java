package dev.luthier.platform.launch;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.keys.SecretHash;
import java.util.Map;

/// Lets each launched worker in once: trades its code for a token. Safe for many threads.
public final class EnrolmentDesk {
  private static final String TOKEN_PREFIX = "worker-";

  /// Takes note of a worker that comes in, inside the transaction that lets it in.
  @FunctionalInterface
  public interface Reception {
    /// Welcomes the worker.
    ///
    /// @throws FencedException when it is no longer wanted
    void enrolled(Launch launch);
  }

  private final LaunchStore launches;
  private final Transactions transactions;
  private final Identifiers identifiers;
  private final Map<WorkerKind, Reception> receptions;

  public EnrolmentDesk(
      LaunchStore launches,
      Transactions transactions,
      Identifiers identifiers,
      Map<WorkerKind, Reception> receptions) {
    this.launches = launches;
    this.transactions = transactions;
    this.identifiers = identifiers;
    this.receptions = Map.copyOf(receptions);
  }

  /// Trades the code.
  ///
  /// @throws FencedException for an unknown launch, a wrong code, a second trade, or a launch that
  ///   is no longer wanted
  public Enrolment enrol(String launchId, String code) {
    if (!launchId.matches(LaunchId.PATTERN)) {
      throw new FencedException("no launch is called so");
    }
    String token = identifiers.secret(TOKEN_PREFIX);
    return transactions.call(() -> trade(new LaunchId(launchId), code, token));
  }

  private Enrolment trade(LaunchId id, String code, String token) {
    Launch launch =
        launches
            .find(id)
            .filter(row -> SecretHash.same(row.codeHash(), SecretHash.of(code)))
            .orElseThrow(() -> new FencedException("unknown launch or wrong code: " + id));
    if (!launches.enrol(id, SecretHash.of(token))) {
      throw new FencedException("the code of " + id + " was traded before");
    }
    Reception reception = receptions.get(launch.kind());
    if (reception == null) {
      throw new FencedException("nobody here waits for a worker of kind " + launch.kind().text());
    }
    reception.enrolled(launch);
    return new Enrolment(token, launch.kind());
  }
}
