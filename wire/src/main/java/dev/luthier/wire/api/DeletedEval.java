package dev.luthier.wire.api;

/// The answer to the deletion of an eval.
public record DeletedEval(String object, boolean deleted, String evalId) {
  public DeletedEval(String evalId) {
    this("eval.deleted", true, evalId);
  }
}
