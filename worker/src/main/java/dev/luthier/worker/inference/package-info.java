/// An inference process: one base, generated from over the internal protocol.
///
/// Knows nothing of: how tokens are computed, users, the public API.
@NullMarked
package dev.luthier.worker.inference;

import org.jspecify.annotations.NullMarked;
