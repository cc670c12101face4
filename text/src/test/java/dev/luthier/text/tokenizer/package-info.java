/// Tests of tokenizers, against Python.
///
/// Knows nothing of: chat messages, templates, training rows.
@NullMarked
package dev.luthier.text.tokenizer;

import org.jspecify.annotations.NullMarked;
