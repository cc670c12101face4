/// The inner loops: products on matrix units, and what lies between them, on raw memory.
///
/// Must not know models, tensors or threads: a kernel works on the addresses it is given, on the
/// thread that calls it.
@NullMarked
package dev.luthier.engine.kernel;

import org.jspecify.annotations.NullMarked;
