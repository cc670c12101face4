/// Measures how fast this machine trains a base, and remembers it.
///
/// Knows nothing of: HTTP, SQL, jobs.
@NullMarked
package dev.luthier.app.pace;

import org.jspecify.annotations.NullMarked;
