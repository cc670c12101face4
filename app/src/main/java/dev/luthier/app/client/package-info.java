/// A small client of the public API, and how it finds the server of a data folder.
///
/// Knows nothing of: the command line, how the server is built.
@NullMarked
package dev.luthier.app.client;

import org.jspecify.annotations.NullMarked;
