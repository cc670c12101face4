/// What a job will take, before it starts: tokens, steps, memory, time.
///
/// Knows nothing of: HTTP, SQL, LibTorch, how a machine is measured.
@NullMarked
package dev.luthier.platform.estimate;

import org.jspecify.annotations.NullMarked;
