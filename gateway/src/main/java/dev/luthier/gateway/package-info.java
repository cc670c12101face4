/// The server's client to inference processes.
///
/// Knows nothing of: SQL, LibTorch.
@NullMarked
package dev.luthier.gateway;

import org.jspecify.annotations.NullMarked;
