package dev.luthier.platform.launch;

/// Lets each launched worker in once: trades its code for a token. Safe for many threads.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class EnrolmentDesk {
  /// Trades the code.
  ///
  /// @throws FencedException for an unknown launch, a wrong code, a second trade, or a launch that
  ///   is no longer wanted
  public Enrolment enrol(String launchId, String code) {
    throw new FencedException(launchId + code);
  }
}
