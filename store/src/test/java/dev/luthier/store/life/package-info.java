/// The life of jobs, with the real stores, a clock that is set and launches that are played.
///
/// Knows nothing of: HTTP, tensors.
@NullMarked
package dev.luthier.store.life;

import org.jspecify.annotations.NullMarked;
