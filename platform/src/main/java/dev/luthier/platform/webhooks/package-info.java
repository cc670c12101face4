/// Addresses that are told of events, by Standard Webhooks, and every try to tell them.
///
/// Knows nothing of: HTTP, SQL, what the events are about.
@NullMarked
package dev.luthier.platform.webhooks;

import org.jspecify.annotations.NullMarked;
