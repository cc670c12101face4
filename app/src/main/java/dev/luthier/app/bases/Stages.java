package dev.luthier.app.bases;

/// Hears what is being done to get a base, one stage after the other. Called on the thread that
/// fetches.
public interface Stages {
  /// A new stage of `total` bytes; the one before has ended.
  void begin(String what, long total);

  /// `done` bytes of the stage are there.
  void at(long done);

  /// The stage has ended, well or not.
  void end();

  /// A sentence for the reader, between stages.
  void say(String sentence);
}
