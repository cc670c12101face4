/// Files of requests that are answered in the background, within a day.
///
/// Knows nothing of: HTTP, SQL, how a model is asked.
@NullMarked
package dev.luthier.platform.batches;

import org.jspecify.annotations.NullMarked;
