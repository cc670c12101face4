/// Tests of training rows.
///
/// Knows nothing of: tokens, templates, models.
@NullMarked
package dev.luthier.text.rows;

import org.jspecify.annotations.NullMarked;
