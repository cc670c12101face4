/// JSON records of the public API and of the internal protocol.
///
/// Knows nothing of: everything else.
@NullMarked
package dev.luthier.wire;

import org.jspecify.annotations.NullMarked;
