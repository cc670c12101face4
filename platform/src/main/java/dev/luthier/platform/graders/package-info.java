/// Judges what a model said: by comparing texts, by asking another model, or by a formula over
/// several judgements.
///
/// Knows nothing of: HTTP, SQL, which model answers a question and where it runs, training.
@NullMarked
package dev.luthier.platform.graders;

import org.jspecify.annotations.NullMarked;
