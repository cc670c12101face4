/// Chat completions that users asked to keep.
///
/// Knows nothing of: HTTP, SQL, how an answer is made.
@NullMarked
package dev.luthier.platform.stored;

import org.jspecify.annotations.NullMarked;
