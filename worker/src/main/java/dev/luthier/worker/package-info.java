/// The mains of the trainer and inference processes: protocol in, engine calls, protocol out.
///
/// Knows nothing of: SQL, the public API.
@NullMarked
package dev.luthier.worker;

import org.jspecify.annotations.NullMarked;
