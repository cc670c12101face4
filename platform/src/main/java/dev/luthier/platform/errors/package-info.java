/// The failures that a caller of the API is told, with the status, type and code of each.
///
/// Knows nothing of: HTTP routes, SQL, engines.
@NullMarked
package dev.luthier.platform.errors;

import org.jspecify.annotations.NullMarked;
