/// Evals: rows, criteria and runs that ask a model each row and judge what it says.
///
/// Knows nothing of: HTTP, SQL, how a model answers.
@NullMarked
package dev.luthier.platform.evals;

import org.jspecify.annotations.NullMarked;
