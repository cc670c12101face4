/// The product without its edges: domain records, services and the ports they need.
///
/// Knows nothing of: LibTorch, SQL, the web library.
@NullMarked
package dev.luthier.platform;

import org.jspecify.annotations.NullMarked;
