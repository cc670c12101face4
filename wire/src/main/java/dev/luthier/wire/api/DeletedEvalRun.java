package dev.luthier.wire.api;

/// The answer to the deletion of a run of an eval.
public record DeletedEvalRun(String object, boolean deleted, String runId) {
  public DeletedEvalRun(String runId) {
    this("eval.run.deleted", true, runId);
  }
}
