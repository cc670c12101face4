/// The Llama family: its weights in a base folder and its forward pass.
///
/// Must not know who runs it; training and decoding hand in how linears are projected and how rows
/// attend.
@NullMarked
package dev.luthier.engine.model.llama;

import org.jspecify.annotations.NullMarked;
