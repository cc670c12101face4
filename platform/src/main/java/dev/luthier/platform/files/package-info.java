/// Uploaded and produced files: their rows, their bytes, their life.
///
/// Knows nothing of: what the rows of a training file mean, SQL, HTTP.
@NullMarked
package dev.luthier.platform.files;

import org.jspecify.annotations.NullMarked;
