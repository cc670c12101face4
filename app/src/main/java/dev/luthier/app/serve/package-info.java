/// The server put together by hand: what is made, in which order, and closed in reverse.
///
/// Knows nothing of: the command line.
@NullMarked
package dev.luthier.app.serve;

import org.jspecify.annotations.NullMarked;
