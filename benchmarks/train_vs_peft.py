#!/usr/bin/env python3
"""Trains the same rows with Luthier and with a plain PyTorch + PEFT loop, in turn (A B A B), and prints
the ratio of their speeds.

    ./build -DskipTests package            # makes target/dist/lib
    python benchmarks/train_vs_peft.py --base FOLDER --rows ROWS.jsonl [--epochs 4] [--pairs 3]

FOLDER is a base in Hugging Face layout. ROWS holds one {"tokens": [...], "trained": [...]} a line, or chat
rows ({"messages": [...]}), which are rendered by the base's own template. Both sides use the same rows in
the same order, the same starting adapter (rank 16, alpha 32, seven linears), AdamW, clipping at 1, linear
decay, bf16, the same number of threads. The loss curves are compared before the speeds.

The PEFT loop is the best plain one we know: frozen base in bf16, no gradient checkpointing, no padding at
batch 1, PyTorch's own choice of attention. Needs torch, transformers, peft, safetensors.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
WARM_UP = 5  # Steps left out of the speeds on both sides: compilers and caches.


def tokens_of(rows, base, into):
    """Rows as tokens: chat rows are rendered, and trained on their last answer."""
    lines = [json.loads(line) for line in Path(rows).read_text().splitlines() if line.strip()]
    if "messages" in lines[0]:
        from transformers import AutoTokenizer
        tokenizer = AutoTokenizer.from_pretrained(base)

        def encode(messages, prompt):
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
            return tokenizer(text if prompt else text.rstrip("\n"), add_special_tokens=False)["input_ids"]

        made = []
        for line in lines:
            whole, prompt = encode(line["messages"], False), encode(line["messages"][:-1], True)
            made.append({"tokens": whole, "trained": [t >= len(prompt) for t in range(len(whole))]})
        lines = made
    into.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lines


def peft_loop(base, rows, order, start, rate, precision):
    import torch
    from peft import LoraConfig, get_peft_model
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    dtype = {"bf16": torch.bfloat16, "fp32": torch.float32}[precision]
    model = AutoModelForCausalLM.from_pretrained(base, dtype=dtype)
    model = get_peft_model(
        model, LoraConfig(task_type="CAUSAL_LM", r=16, lora_alpha=32, lora_dropout=0.0, target_modules=TARGETS))
    weights = load_file(Path(start) / "adapter_model.safetensors")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_(weights[name.replace(".default", "")])
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.0)
    report = {"step_losses": [], "step_seconds": [], "step_tokens": []}
    model.train()
    for step, batch in enumerate(order):
        started = time.perf_counter()
        for group in optimizer.param_groups:
            group["lr"] = rate * (len(order) - step) / len(order)
        picked = [rows[i] for i in batch]
        width = max(len(row["tokens"]) for row in picked)
        ids = torch.zeros(len(picked), width, dtype=torch.long)
        labels = torch.full((len(picked), width), -100)
        for i, row in enumerate(picked):
            n = len(row["tokens"])
            ids[i, :n] = torch.tensor(row["tokens"])
            labels[i, :n] = torch.where(torch.tensor(row["trained"]), ids[i, :n], -100)
        mask = None if len(picked) == 1 else (torch.arange(width)[None] < torch.tensor(
            [[len(row["tokens"])] for row in picked])).long()
        optimizer.zero_grad()
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        report["step_losses"].append(loss.item())
        report["step_seconds"].append(time.perf_counter() - started)
        report["step_tokens"].append(sum(len(row["tokens"]) for row in picked))
    return report


def run(command, waiting):
    """`waiting` is OpenMP's: `default` spins for milliseconds between products, `brief` as our workers do."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True,
                          env=environment(waiting))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(done.stdout.strip().splitlines()[-1])
    report["cpu_seconds"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return report


def environment(waiting):
    kept = {name: value for name, value in os.environ.items() if name not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    return kept if waiting == "default" else dict(kept, GOMP_SPINCOUNT="4000")


def speed(report):
    return sum(report["step_tokens"][WARM_UP:]) / sum(report["step_seconds"][WARM_UP:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", required=True)
    parser.add_argument("--rows", required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch-size", type=int, default=1)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--precision", choices=["bf16", "fp32"], default="bf16")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--waiting", choices=["default", "brief"], default="brief", help="OpenMP's, ours")
    parser.add_argument("--peer-waiting", choices=["default", "brief"], default="default", help="OpenMP's, the peer's")
    parser.add_argument("--classpath", default=str(REPOSITORY / "target/dist/lib/*"))
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        spec = json.loads(Path(options.peer).read_text())
        print(json.dumps(peft_loop(**spec)))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(options, Path(folder))


def compare(options, folder):
    rows_file = folder / "rows.jsonl"
    rows = tokens_of(options.rows, options.base, rows_file)
    jdk = subprocess.run([str(REPOSITORY / "bin/find-jdk")], stdout=subprocess.PIPE, text=True, check=True)
    java = [
        jdk.stdout.strip() + "/bin/java", "--enable-native-access=ALL-UNNAMED", "-cp", options.classpath,
        "dev.luthier.engine.train.TrainingBenchmark", options.base, str(rows_file), str(options.epochs),
        str(options.batch_size), str(options.rate), options.precision, str(folder / "adapters")]
    pairs = []
    for pair in range(options.pairs):
        ours = run(java, options.waiting)
        spec = folder / "peer.json"
        spec.write_text(json.dumps({
            "base": options.base, "rows": rows, "order": ours["row_order"], "rate": options.rate,
            "start": str(folder / "adapters/start"), "precision": options.precision}))
        peer = run([sys.executable, __file__, "--base", "-", "--rows", "-", "--peer", str(spec)],
                   options.peer_waiting)
        apart = [abs(a - b) for a, b in zip(ours["step_losses"], peer["step_losses"])]
        pairs.append((speed(ours), speed(peer), max(apart)))
        print(f"pair {pair + 1}: luthier {speed(ours):.0f} tokens/s ({ours['cpu_seconds']:.0f} s of CPU in all), "
              f"peft {speed(peer):.0f} ({peer['cpu_seconds']:.0f}); losses of {len(apart)} steps apart by at most "
              f"{max(apart):.4f}, mean {statistics.mean(apart):.4f}", flush=True)
    ratios = sorted(a / b for a, b, _ in pairs)
    commit = subprocess.run(["git", "-C", str(REPOSITORY), "rev-parse", "--short", "HEAD"],
                            stdout=subprocess.PIPE, text=True).stdout.strip()
    import peft
    import torch
    import transformers
    print(f"luthier / peft: median {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), "
          f"{options.precision}, batch {options.batch_size}, {len(rows)} rows, waiting {options.waiting} / "
          f"{options.peer_waiting}; {os.cpu_count()} x {processor()}, "
          f"load {os.getloadavg()[0]:.1f}; commit {commit}, torch {torch.__version__}, "
          f"transformers {transformers.__version__}, peft {peft.__version__}, {platform.platform()}")


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
