/// The training loop: order of rows, schedule, optimizer, checkpoints, resume state.
///
/// Must not know HTTP, jobs or queues; how a gradient is computed stays behind `GradientSource`.
@NullMarked
package dev.luthier.engine.train;

import org.jspecify.annotations.NullMarked;
