/// The blocks that model families are built from: linear, RMS norm, rotary positions, causal
/// attention.
///
/// Must not know which model uses them, nor whether it is being trained or served.
@NullMarked
package dev.luthier.engine.nn;

import org.jspecify.annotations.NullMarked;
