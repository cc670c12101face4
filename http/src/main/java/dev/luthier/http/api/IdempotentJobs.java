package dev.luthier.http.api;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.Job;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes one job of a creation that is sent twice with the same `Idempotency-Key`.
///
/// The last thousand keys are remembered, in memory: a repetition after a restart makes a second
/// job, as every repetition without a key does.
final class IdempotentJobs {

  private static final int KEYS_MAX = 1000;

  private record Made(CreateJob request, String jobId) {}

  private final Map<String, Made> made =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Made> eldest) {
          return size() > KEYS_MAX;
        }
      };

  /// Creates the job, or answers the one that `key` made before as it stands now. Without a key it
  /// always creates.
  Job createOnce(@Nullable String key, FineTuningService jobs, CreateJob request) {
    if (key == null || key.isBlank()) {
      return jobs.create(request);
    }
    // One lock for all keys: creating is a row and an event, and keys are rare.
    synchronized (made) {
      var earlier = made.get(key);
      if (earlier == null) {
        var job = jobs.create(request);
        made.put(key, new Made(request, job.id()));
        return job;
      }
      if (!earlier.request().equals(request)) {
        throw otherRequest(key, earlier.jobId());
      }
      return jobs.get(earlier.jobId());
    }
  }

  private static ApiException otherRequest(String key, String jobId) {
    return new ApiException(
        ErrorCode.INVALID_REQUEST,
        "The Idempotency-Key '%s' made %s with other parameters. Send a new key with a new request."
            .formatted(key, jobId),
        Optional.empty());
  }
}
