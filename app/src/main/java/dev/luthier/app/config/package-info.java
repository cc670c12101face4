/// Settings: where each comes from, what it may be, what is in force.
///
/// Knows nothing of: what the settings are used for.
@NullMarked
package dev.luthier.app.config;

import org.jspecify.annotations.NullMarked;
