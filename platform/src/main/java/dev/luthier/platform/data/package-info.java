/// What is in a file of training rows, for people who want to see it before they train on it.
///
/// Knows nothing of: jobs' rows, HTTP, SQL, LibTorch.
@NullMarked
package dev.luthier.platform.data;

import org.jspecify.annotations.NullMarked;
