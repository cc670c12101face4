/// The bytes of `platform` in folders: files, adapters, resume states, bases.
///
/// Knows nothing of: SQL, HTTP, what the bytes mean.
@NullMarked
package dev.luthier.store.folder;

import org.jspecify.annotations.NullMarked;
