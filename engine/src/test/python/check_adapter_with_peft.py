"""Loads an exported adapter by PEFT and, on given rows, reports the mean loss over targets, or compares its
logits with those that a program of ours wrote.

    python check_adapter_with_peft.py BASE ADAPTER ROWS.jsonl [--precision fp32] [--loss EXPECTED]
    python check_adapter_with_peft.py BASE ADAPTER ROWS.jsonl --logits OURS.safetensors

A row is {"tokens": [...], "trained": [...]}. OURS holds `logits` [T,V] of the first row.
Exits with 1 where the loss is further than 1e-2 from EXPECTED, or a logit (fp32) further than 1e-3.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("adapter")
    parser.add_argument("rows")
    parser.add_argument("--precision", choices=["bf16", "fp32"], default="fp32")
    parser.add_argument("--loss", type=float)
    parser.add_argument("--logits")
    options = parser.parse_args()
    dtype = {"bf16": torch.bfloat16, "fp32": torch.float32}[options.precision]
    model = AutoModelForCausalLM.from_pretrained(options.base, dtype=dtype)
    model = PeftModel.from_pretrained(model, options.adapter).eval()
    rows = [json.loads(line) for line in Path(options.rows).read_text().splitlines() if line.strip()]
    with torch.no_grad():
        if options.logits:
            ours = load_file(options.logits)["logits"].float()
            theirs = model(input_ids=torch.tensor([rows[0]["tokens"]])).logits[0].float()
            apart = (ours - theirs).abs().max().item()
            print(f"logits of {tuple(ours.shape)} apart by at most {apart:.2e}")
            sys.exit(apart > 1e-3)
        total, count = 0.0, 0
        for row in rows:
            ids = torch.tensor(row["tokens"])
            keep = torch.tensor(row["trained"])[1:]
            logits = model(input_ids=ids[None]).logits[0, :-1].float()
            total += torch.nn.functional.cross_entropy(logits[keep], ids[1:][keep], reduction="sum").item()
            count += int(keep.sum())
    loss = total / count
    print(f"loss {loss:.6f} over {count} targets of {len(rows)} rows")
    if options.loss is not None:
        print(f"expected {options.loss:.6f}, apart by {abs(loss - options.loss):.6f}")
        sys.exit(abs(loss - options.loss) > 1e-2)


if __name__ == "__main__":
    main()
