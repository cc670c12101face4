/// What every implementation of a port must do; a new one adds a subclass of each.
///
/// Knows nothing of: the services that use the ports.
@NullMarked
package dev.luthier.store.contract;

import org.jspecify.annotations.NullMarked;
