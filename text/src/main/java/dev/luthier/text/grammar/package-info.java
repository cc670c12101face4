/// What an answer may look like: JSON schemas and calls of tools as automata over bytes, and which
/// tokens of a vocabulary keep within them.
///
/// Knows nothing of: models, sampling, HTTP.
@NullMarked
package dev.luthier.text.grammar;

import org.jspecify.annotations.NullMarked;
