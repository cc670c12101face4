/// The ports of `platform` on SQLite and folders, with their migrations.
///
/// Knows nothing of: HTTP.
@NullMarked
package dev.luthier.store;

import org.jspecify.annotations.NullMarked;
