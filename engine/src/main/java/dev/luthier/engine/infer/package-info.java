/// Generates tokens: key-value cache, continuous batching over adapters, sampling. Knows nothing of
/// text: prompts come and answers leave as token ids; tokenizer, templates and stop strings live
/// elsewhere.
@NullMarked
package dev.luthier.engine.infer;

import org.jspecify.annotations.NullMarked;
