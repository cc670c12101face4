/// A fixed set of threads that share the work of one computation.
///
/// Must not know what the work is.
@NullMarked
package dev.luthier.engine.crew;

import org.jspecify.annotations.NullMarked;
