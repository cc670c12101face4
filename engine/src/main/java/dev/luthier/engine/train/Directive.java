package dev.luthier.engine.train;

/// What a run is told before a step: go on, go on after keeping the resume state, or keep it and
/// stop.
public enum Directive {
  CONTINUE,
  SAVE,
  STOP
}
