/// Tests of the forms of answers.
@NullMarked
package dev.luthier.text.grammar;

import org.jspecify.annotations.NullMarked;
