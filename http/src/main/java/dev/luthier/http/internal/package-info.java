/// The server's end of the internal protocol: what trainers and inference processes ask and tell.
///
/// Knows nothing of: the public API, users' keys, SQL, LibTorch.
@NullMarked
package dev.luthier.http.internal;

import org.jspecify.annotations.NullMarked;
