/// The command line: parses, talks to the public API, prints for people or as JSON.
///
/// Knows nothing of: the database, tensors, how the server does what it is asked.
@NullMarked
package dev.luthier.app.cli;

import org.jspecify.annotations.NullMarked;
