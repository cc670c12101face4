/// Tests of how a base model reads text.
///
/// Knows nothing of: tensors, HTTP, SQL.
@NullMarked
package dev.luthier.text;

import org.jspecify.annotations.NullMarked;
