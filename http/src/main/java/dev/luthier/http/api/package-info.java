/// The public API, one class a resource; [dev.luthier.http.api.PublicApi] lists its routes.
///
/// Knows nothing of: the internal protocol, stores, processes.
@NullMarked
package dev.luthier.http.api;

import org.jspecify.annotations.NullMarked;
