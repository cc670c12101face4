/// Server-sent events: one answer in pieces, each flushed as it is made.
///
/// Knows nothing of: what the pieces say.
@NullMarked
package dev.luthier.http.sse;

import org.jspecify.annotations.NullMarked;
