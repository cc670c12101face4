/// How a step's loss and gradient are computed.
///
/// Must not know the loop, the optimizer or the schedule.
@NullMarked
package dev.luthier.engine.train.gradient;

import org.jspecify.annotations.NullMarked;
