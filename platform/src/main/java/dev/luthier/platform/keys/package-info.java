/// API keys, kept as hashes only.
///
/// Knows nothing of: HTTP headers, SQL.
@NullMarked
package dev.luthier.platform.keys;

import org.jspecify.annotations.NullMarked;
