/// Training rows in OpenAI's formats (chats, preferences, prompts): reading a file of them, and the
/// checks with OpenAI's codes and words.
///
/// Knows nothing of: tokens, templates, models, jobs.
@NullMarked
package dev.luthier.text.rows;

import org.jspecify.annotations.NullMarked;
