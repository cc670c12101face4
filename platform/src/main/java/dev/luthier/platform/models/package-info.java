/// Which names can be called: bases, aliases, fine-tunes and checkpoints, and the adapters behind
/// them.
///
/// Knows nothing of: how text is generated, SQL, HTTP.
@NullMarked
package dev.luthier.platform.models;

import org.jspecify.annotations.NullMarked;
