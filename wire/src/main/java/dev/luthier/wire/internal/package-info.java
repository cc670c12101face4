/// The records of the internal protocol, spoken between the server and its trainer and inference
/// processes under `/internal/v1`.
///
/// Knows nothing of: the public API, and how either end keeps what it is told.
@NullMarked
package dev.luthier.wire.internal;

import org.jspecify.annotations.NullMarked;
