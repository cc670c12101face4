/// Creations that a client may send again without making a second thing.
///
/// Knows nothing of: HTTP, SQL, what is created.
@NullMarked
package dev.luthier.platform.idempotency;

import org.jspecify.annotations.NullMarked;
