package dev.luthier.text.rows;

/// What a finding means for the job.
public enum Severity {
  /// The job fails.
  ERROR,
  /// The job goes on, and its events tell.
  WARNING
}
