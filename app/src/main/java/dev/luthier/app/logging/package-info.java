/// Where log lines go: a file in the data folder, or a worker's standard error.
///
/// Knows nothing of: what is logged.
@NullMarked
package dev.luthier.app.logging;

import org.jspecify.annotations.NullMarked;
