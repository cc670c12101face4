/// Keeps one inference process a base: starts it on demand, knows its address, replaces it when it
/// died.
///
/// Knows nothing of: what is said to that process, HTTP, SQL.
@NullMarked
package dev.luthier.platform.inference;

import org.jspecify.annotations.NullMarked;
