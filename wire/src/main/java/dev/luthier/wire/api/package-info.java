/// The objects of the public API, one record each, keys in the order OpenAI sends them.
///
/// Knows nothing of: the domain, HTTP, how a request is checked.
@NullMarked
package dev.luthier.wire.api;

import org.jspecify.annotations.NullMarked;
