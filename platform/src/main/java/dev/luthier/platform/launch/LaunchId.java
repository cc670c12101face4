package dev.luthier.platform.launch;

/// The name of one start of a worker; safe as a file name and inside a command line.
public record LaunchId(String text) {
  public static final String PATTERN = "luthier-[A-Za-z0-9._-]{1,160}";

  /// What the ids of all trainers begin with.
  public static final String TRAINER_PREFIX = "luthier-ftjob-";

  public LaunchId {
    if (!text.matches(PATTERN) || text.contains("..")) {
      throw new IllegalArgumentException("not a launch id: " + text);
    }
  }

  /// `luthier-<job>-a<attempt>`.
  public static LaunchId trainer(String jobId, int attempt) {
    return new LaunchId("luthier-" + jobId + "-a" + attempt);
  }

  /// `luthier-<base>-i<random>`.
  public static LaunchId inference(String baseId, String random) {
    return new LaunchId("luthier-" + baseId + "-i" + random);
  }

  @Override
  public String toString() {
    return text;
  }
}
