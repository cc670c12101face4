/// Chat completions and responses that are kept for their users.
///
/// Knows nothing of: HTTP, SQL, how an answer is made.
@NullMarked
package dev.luthier.platform.stored;

import org.jspecify.annotations.NullMarked;
