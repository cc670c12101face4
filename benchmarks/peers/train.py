"""A training loop of a peer on the rows, order, mask, starting adapter and learning rates of a plan that
`luthier bench train --export` has written. Prints one JSON line.

    python train.py '{"kind": "peft", "base": FOLDER, "plan": FOLDER, ...}'

kind: `peft` a plain loop with a PEFT adapter; `full` the same loop over all weights; `trl` SFTTrainer.
first, last: the steps of the plan to run (1-based, both included); `warmup` of them come first and are
timed too, but the caller leaves them out.
sort: rows of the steps after the warm-up are put in the order of their length.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def steps_of(spec, plan):
    order = [list(batch) for batch in plan["row_order"][spec["first"] - 1 : spec["last"]]]
    if spec.get("sort"):
        warm, counted = order[: spec["warmup"]], order[spec["warmup"] :]
        sizes = [len(batch) for batch in counted]
        rows = sorted((i for batch in counted for i in batch), key=lambda i: len(plan["rows"][i]["tokens"]))
        counted = []
        for size in sizes:
            counted.append(rows[:size])
            rows = rows[size:]
        order = warm + counted
    return order


def labels_of(row):
    return [token if trained else -100 for token, trained in zip(row["tokens"], row["trained"])]


def adapter(spec, model):
    """The plan's starting adapter, number for number."""
    from peft import LoraConfig, get_peft_model
    from safetensors.torch import load_file
    import torch

    start = Path(spec["plan"]) / "start"
    config = json.loads((start / "adapter_config.json").read_text())
    model = get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM", r=config["r"], lora_alpha=config["lora_alpha"], lora_dropout=0.0, target_modules=TARGETS
        ),
    )
    weights = load_file(start / "adapter_model.safetensors")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_(weights[name.replace(".default", "")])
    return model


def plain_loop(spec, plan):
    """The plain loop that people write: no gradient checkpointing, PyTorch's own choice of attention, no padding
    at batch 1. The base is frozen in the compute type; adapters are fp32, as PEFT keeps them; with `full`
    the weights themselves are trained, in fp32 under autocast, as the usual recipes do."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    compute = {"bf16": torch.bfloat16, "fp32": torch.float32}[spec["precision"]]
    full = spec["kind"] == "full"
    model = AutoModelForCausalLM.from_pretrained(spec["base"], dtype=torch.float32 if full else compute)
    if not full:
        model = adapter(spec, model)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1.0, weight_decay=0.0)
    model.train()
    report = {"step_losses": [], "step_seconds": [], "step_tokens": []}
    rates = plan["learning_rates"][spec["first"] - 1 : spec["last"]]
    for batch, rate in zip(steps_of(spec, plan), rates):
        started = time.perf_counter()
        for group in optimizer.param_groups:
            group["lr"] = rate
        rows = [plan["rows"][i] for i in batch]
        width = max(len(row["tokens"]) for row in rows)
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        labels = torch.full((len(rows), width), -100)
        for i, row in enumerate(rows):
            n = len(row["tokens"])
            ids[i, :n] = torch.tensor(row["tokens"])
            labels[i, :n] = torch.tensor(labels_of(row))
        lengths = torch.tensor([[len(row["tokens"])] for row in rows])
        mask = None if len(rows) == 1 else (torch.arange(width)[None] < lengths).long()
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=full and spec["precision"] == "bf16"):
            loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        report["step_losses"].append(loss.item())
        report["step_seconds"].append(time.perf_counter() - started)
        report["step_tokens"].append(sum(len(row["tokens"]) for row in rows))
    return report


def trl(spec, plan):
    """SFTTrainer with its own defaults (batch 8, bf16 autocast, gradient checkpointing, padding) and a PEFT adapter
    of the plan's shape; only the rows, already tokens with the same mask, are given."""
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import PreTrainedTokenizerFast, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    rows = [plan["rows"][i] for batch in steps_of(spec, plan) for i in batch]
    dataset = Dataset.from_list([{"input_ids": row["tokens"], "labels": labels_of(row)} for row in rows])
    config = json.loads((Path(spec["plan"]) / "start" / "adapter_config.json").read_text())
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(Path(spec["base"]) / "tokenizer.json"), eos_token="<|im_end|>", pad_token="<|im_end|>"
    )
    report = {"step_losses": [], "step_seconds": [], "step_tokens": []}

    class Watch(TrainerCallback):
        started = 0.0

        def on_step_begin(self, *_, **__):
            self.started = time.perf_counter()

        def on_step_end(self, *_, **__):
            report["step_seconds"].append(time.perf_counter() - self.started)

    with tempfile.TemporaryDirectory() as folder:
        trainer = SFTTrainer(
            model=spec["base"],
            args=SFTConfig(output_dir=folder, save_strategy="no", report_to="none", num_train_epochs=1, disable_tqdm=True, use_cpu=True),
            train_dataset=dataset,
            processing_class=tokenizer,
            peft_config=LoraConfig(
                task_type="CAUSAL_LM", r=config["r"], lora_alpha=config["lora_alpha"], target_modules=TARGETS
            ),
            callbacks=[Watch()],
        )
        collate = trainer.data_collator

        def counting(examples):
            report["step_tokens"].append(sum(len(example["input_ids"]) for example in examples))
            return collate(examples)

        trainer.data_collator = counting
        trainer.train()
    report["batch_size"] = trainer.args.per_device_train_batch_size
    return report


def main():
    spec = json.loads(sys.argv[1])
    plan = json.loads((Path(spec["plan"]) / "plan.json").read_text())
    report = (trl if spec["kind"] == "trl" else plain_loop)(spec, plan)
    report["peak_rss_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(report))


if __name__ == "__main__":
    main()
