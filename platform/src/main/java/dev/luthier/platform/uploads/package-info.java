/// Files that come in parts: kept apart until they are joined, cancelled or too old.
///
/// Knows nothing of: HTTP, SQL, folders.
@NullMarked
package dev.luthier.platform.uploads;

import org.jspecify.annotations.NullMarked;
