/// Text of training rows and chats: tokenizer, chat template, row formats and their checks, loss
/// mask.
///
/// Knows nothing of: tensors, HTTP, SQL.
@NullMarked
package dev.luthier.text;

import org.jspecify.annotations.NullMarked;
