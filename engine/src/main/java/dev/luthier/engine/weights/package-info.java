/// Reads and writes weight files (safetensors, GGUF) by memory map and imports base models from
/// them. Knows nothing of LibTorch: the server's process imports bases, and it must never load
/// native code.
@NullMarked
package dev.luthier.engine.weights;

import org.jspecify.annotations.NullMarked;
