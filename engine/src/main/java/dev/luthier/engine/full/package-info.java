/// Full weights: all of a model's weights as masters that training changes.
///
/// Must not know how their gradients are computed, nor adapters.
@NullMarked
package dev.luthier.engine.full;

import org.jspecify.annotations.NullMarked;
