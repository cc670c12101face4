/// What a base model is: its configuration, its family, the names of its linears.
///
/// Must not know how a step is computed, nor of adapters, caches and samplers.
@NullMarked
package dev.luthier.engine.model;

import org.jspecify.annotations.NullMarked;
