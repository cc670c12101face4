"""bf16 products of PyTorch at given shapes, all cores: mm with a result that is there already, and oneDNN with
weights that were packed before. Prints one JSON line: for each shape the faster one, in 10^9 operations a second.

    python products.py '[["qkv", 960, 576], ...]'
"""

import json
import sys
import time

import torch

ROWS = 512
WINDOW_SECONDS = 0.1
WINDOWS = 7


def best(work, flops):
    rounds, fastest = 1, 0.0
    for _ in range(WINDOWS):
        started = time.perf_counter()
        for _ in range(rounds):
            work()
        seconds = time.perf_counter() - started
        fastest = max(fastest, flops * rounds / seconds / 1e9)
        rounds = max(1, int(rounds * WINDOW_SECONDS / seconds))
    return fastest


@torch.inference_mode()
def gflops(out, inside):
    x = torch.randn(ROWS, inside, dtype=torch.bfloat16)
    weight = torch.randn(out, inside, dtype=torch.bfloat16)
    result = torch.empty(ROWS, out, dtype=torch.bfloat16)
    flops = 2.0 * ROWS * out * inside
    found = {"mm_out": best(lambda: torch.mm(x, weight.t(), out=result), flops)}
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight.to_mkldnn(), ROWS)
        found["prepacked"] = best(
            lambda: torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], ""), flops
        )
    except (AttributeError, RuntimeError) as missing:
        print(f"products.py: no packed products: {missing}", file=sys.stderr)
    return found


def main():
    report = {}
    for name, out, inside in json.loads(sys.argv[1]):
        report[name] = {"forward": gflops(out, inside), "backward": gflops(inside, out)}
    print(json.dumps(report))


if __name__ == "__main__":
    main()
