/// A worker's side of the internal protocol: calls to the server, repeated while it is away.
///
/// Knows nothing of: training, generation.
@NullMarked
package dev.luthier.worker.server;

import org.jspecify.annotations.NullMarked;
