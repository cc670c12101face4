/// The rows of `platform` in SQLite, with the migrations that make their tables.
///
/// Knows nothing of: HTTP, processes, where blobs lie.
@NullMarked
package dev.luthier.store.sql;

import org.jspecify.annotations.NullMarked;
