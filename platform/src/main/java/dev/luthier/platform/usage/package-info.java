/// How many tokens models have read and written, and what they would have cost.
///
/// Knows nothing of: HTTP, SQL, inference processes.
@NullMarked
package dev.luthier.platform.usage;

import org.jspecify.annotations.NullMarked;
