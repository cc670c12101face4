/// Text to token ids and back, by a base model's `tokenizer.json` or by the vocabulary of a GGUF.
///
/// Knows nothing of: chat messages, templates, training rows.
@NullMarked
package dev.luthier.text.tokenizer;

import org.jspecify.annotations.NullMarked;
