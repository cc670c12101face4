/// Puts the program together: configuration, wiring, command line.
///
/// Knows nothing of: nothing: it sees all.
@NullMarked
package dev.luthier.app;

import org.jspecify.annotations.NullMarked;
