"""Prefill and decode of a peer, as `luthier bench generate` measures them: one prompt of random tokens, greedy
answers that no token ends, medians of some rounds after one that warms up. Prints one JSON line.

    python generate.py '{"kind": "llama" | "transformers", "model": PATH, "prompt_tokens": 512, "tokens": 128, "repeats": 3}'
"""

import json
import random
import resource
import statistics
import sys
import time


def llama(spec):
    """llama.cpp by its own calls, without the wrapper's Python per token; all cores, flash attention as it chooses."""
    import ctypes
    import os

    import llama_cpp as cpp
    import numpy

    cpp.llama_backend_init()
    model = cpp.llama_model_load_from_file(spec["model"].encode(), cpp.llama_model_default_params())
    settings = cpp.llama_context_default_params()
    settings.n_ctx = spec["prompt_tokens"] + spec["tokens"] + 8
    settings.n_batch = settings.n_ubatch = max(512, spec["prompt_tokens"])
    settings.n_threads = settings.n_threads_batch = os.cpu_count()
    context = cpp.llama_init_from_model(model, settings)
    vocabulary = cpp.llama_vocab_n_tokens(cpp.llama_model_get_vocab(model))

    def feed(tokens):
        array = (cpp.llama_token * len(tokens))(*tokens)
        if cpp.llama_decode(context, cpp.llama_batch_get_one(array, len(tokens))) != 0:
            raise SystemExit("llama_decode failed")
        logits = cpp.llama_get_logits_ith(context, -1)
        return int(numpy.ctypeslib.as_array(ctypes.cast(logits, ctypes.POINTER(ctypes.c_float)), (vocabulary,)).argmax())

    def clear():
        cpp.llama_memory_clear(cpp.llama_get_memory(context), True)

    report = rounds(spec, vocabulary, clear, feed)
    report["system"] = cpp.llama_print_system_info().decode().strip()
    return report


def transformers(spec):
    """The model's own forward in bf16 with its cache; nothing of `generate` is paid for."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(spec["model"], dtype=torch.bfloat16).eval()
    state = {"past": None}

    @torch.inference_mode()
    def feed(tokens):
        out = model(torch.tensor([tokens]), past_key_values=state["past"], use_cache=True, logits_to_keep=1)
        state["past"] = out.past_key_values
        return int(out.logits[0, -1].argmax())

    def clear():
        state["past"] = None

    return rounds(spec, model.config.vocab_size, clear, feed)


def rounds(spec, vocabulary, clear, feed):
    draw = random.Random(42)
    prefill, decode = [], []
    for number in range(spec["repeats"] + 1):
        clear()
        prompt = [draw.randrange(20, vocabulary) for _ in range(spec["prompt_tokens"])]
        started = time.perf_counter()
        token = feed(prompt)
        read = time.perf_counter()
        for _ in range(spec["tokens"]):
            token = feed([token])
        done = time.perf_counter()
        if number > 0:
            prefill.append(spec["prompt_tokens"] / (read - started))
            decode.append(spec["tokens"] / (done - read))
    return {
        "prefill_tokens_per_second": statistics.median(prefill),
        "decode_tokens_per_second": statistics.median(decode),
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def main():
    spec = json.loads(sys.argv[1])
    print(json.dumps({"llama": llama, "transformers": transformers}[spec["kind"]](spec)))


if __name__ == "__main__":
    main()
