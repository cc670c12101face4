/// Low-rank adapters: their settings, their numbers, and the Hugging Face PEFT folder they are kept
/// in.
///
/// Must not know how they are trained, nor which requests use them.
@NullMarked
package dev.luthier.engine.lora;

import org.jspecify.annotations.NullMarked;
