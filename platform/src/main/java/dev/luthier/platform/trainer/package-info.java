/// The server's side of what a trainer says: fenced, idempotent, durable before it is answered.
///
/// Knows nothing of: HTTP, SQL, tensors.
@NullMarked
package dev.luthier.platform.trainer;

import org.jspecify.annotations.NullMarked;
