/// Asks a model for text: resolves its name, checks the request, hands it to the port that
/// generates.
///
/// Knows nothing of: inference processes, HTTP, JSON envelopes.
@NullMarked
package dev.luthier.platform.chat;

import org.jspecify.annotations.NullMarked;
