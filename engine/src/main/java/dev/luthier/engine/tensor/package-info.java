/// Native tensors in scopes, on LibTorch through JavaCPP: the only package that imports
/// `org.bytedeco`.
///
/// Must not know what the numbers mean: no model, no file format, no training.
@NullMarked
package dev.luthier.engine.tensor;

import org.jspecify.annotations.NullMarked;
