/// The engine's kernels, measured one by one with their operands in the caches.
///
/// Knows nothing of: models, training, processes.
@NullMarked
package dev.luthier.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
