package dev.luthier.platform.jobs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What each job's losses follow from, and a digest of them. Safe for many threads.
public final class JobManifests {
  /// How many of the first losses are told one by one, for who trains them again.
  private static final int LOSSES_MAX = 100;

  /// Keys of what one trainer may tell.
  private static final int PAIRS_MAX = 64;

  private final ManifestStore manifests;
  private final EventStore events;
  private final Map<String, String> program;

  /// @param program what the server itself knows: build and processor
  public JobManifests(ManifestStore manifests, EventStore events, Map<String, String> program) {
    this.manifests = manifests;
    this.events = events;
    this.program = Map.copyOf(program);
  }

  /// A job's manifest as it stands.
  ///
  /// @param facts what the losses follow from; empty until the first step
  /// @param losses the first ones, from step 1 on
  /// @param lossesSha256 of all steps' losses as big-endian doubles
  public record Manifest(
      Map<String, String> facts, int steps, List<Double> losses, String lossesSha256) {
    public Manifest {
      losses = List.copyOf(losses);
    }
  }

  /// Keeps what the trainer of a job tells before its first step.
  public void keep(String jobId, Map<String, String> facts) {
    if (facts.size() > PAIRS_MAX) {
      throw new IllegalArgumentException(
          "a manifest of %d pairs, but %d are the most".formatted(facts.size(), PAIRS_MAX));
    }
    Map<String, String> all = new TreeMap<>(facts);
    all.putAll(program);
    manifests.put(jobId, all);
  }

  /// The facts alone, cheaply.
  public Map<String, String> facts(String jobId) {
    return manifests.of(jobId);
  }

  public Manifest of(String jobId) {
    List<Double> losses = events.metrics(jobId).stream().map(StepMetricsRecord::trainLoss).toList();
    return new Manifest(
        new TreeMap<>(manifests.of(jobId)),
        losses.size(),
        losses.subList(0, Math.min(LOSSES_MAX, losses.size())),
        sha256(losses));
  }

  private static String sha256(List<Double> losses) {
    ByteBuffer bytes = ByteBuffer.allocate(losses.size() * Double.BYTES);
    losses.forEach(bytes::putDouble);
    return sha256(bytes.array());
  }

  /// What only the server knows of a job: its trainer never sees the grader, it has answers judged.
  public static Map<String, String> graderFacts(TrainingMethod method) {
    return method instanceof TrainingMethod.Reinforcement(_, _, var grading)
        ? Map.of(
            "grader_sha256", sha256(grading.grader().toString().getBytes(StandardCharsets.UTF_8)))
        : Map.of();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
