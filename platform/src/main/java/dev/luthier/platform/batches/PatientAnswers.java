package dev.luthier.platform.batches;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Asks again what met a failure of the server's, a few times, and what met a rate limit until
/// there is room, with longer and longer waits.
public final class PatientAnswers implements LineAnswers {
  private static final int ATTEMPTS = 4;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final Logger log = LoggerFactory.getLogger(PatientAnswers.class);

  private static final Duration WAIT_MAX = Duration.ofSeconds(30);

  private final LineAnswers next;
  private final Duration firstWait;

  /// Asks `next`.
  ///
  /// @param firstWait before something is asked the second time; doubles
  public PatientAnswers(LineAnswers next, Duration firstWait) {
    this.next = next;
    this.firstWait = firstWait;
  }

  @Override
  public Answer ask(String endpoint, JsonNode body) throws InterruptedException {
    Duration wait = firstWait;
    for (int attempt = 1; ; ) {
      Answer answer = next.ask(endpoint, body);
      boolean limited = answer.status() == TOO_MANY_REQUESTS; // time will come
      if (!limited && (answer.status() < SERVER_ERROR || attempt == ATTEMPTS)) {
        return answer;
      }
      log.info(
          "{} was answered {} (attempt {} of {}); it is asked again in {}",
          answer.requestId(),
          answer.status(),
          attempt,
          ATTEMPTS,
          wait);
      Thread.sleep(wait);
      wait = wait.compareTo(WAIT_MAX) < 0 ? wait.multipliedBy(2) : wait;
      attempt += limited ? 0 : 1;
    }
  }
}
