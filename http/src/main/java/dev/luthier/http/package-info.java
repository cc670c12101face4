/// The public API and the internal protocol on Javalin: one class a resource.
///
/// Knows nothing of: SQL, LibTorch.
@NullMarked
package dev.luthier.http;

import org.jspecify.annotations.NullMarked;
