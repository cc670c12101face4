"""Writes a GGUF file's weights again as Q8_0, by llama.cpp's own function.

    python quantize.py SOURCE.gguf TARGET.gguf
"""

import sys

import llama_cpp as cpp


def main():
    settings = cpp.llama_model_quantize_default_params()
    settings.ftype = cpp.LLAMA_FTYPE_MOSTLY_Q8_0
    settings.allow_requantize = True
    if cpp.llama_model_quantize(sys.argv[1].encode(), sys.argv[2].encode(), settings) != 0:
        raise SystemExit("llama.cpp could not write " + sys.argv[2])


if __name__ == "__main__":
    main()
