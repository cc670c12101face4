/// A trainer: fetches a job, drives the engine's training run, tells the server in order what
/// happens.
///
/// Knows nothing of: how a step is computed, how the server keeps what it is told.
@NullMarked
package dev.luthier.worker.trainer;

import org.jspecify.annotations.NullMarked;
