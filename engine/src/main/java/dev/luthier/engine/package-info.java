/// Trains and runs language models; usable alone as a library.
///
/// Knows nothing of: HTTP, SQL, jobs.
@NullMarked
package dev.luthier.engine;

import org.jspecify.annotations.NullMarked;
