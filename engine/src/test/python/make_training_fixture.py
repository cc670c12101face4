"""Makes the fixture of the training tests: a tiny random Llama, its logits, an adapter to start from and
the losses of 20 LoRA steps in fp32 and bf16, all by transformers and peft; and of 20 steps over all weights
(`full.json`), which `full` makes anew on the model that is there.

    python make_training_fixture.py ../resources/dev/luthier/engine/train/tiny [full]

Needs torch, transformers, peft, safetensors. The tests need none of them.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
STEPS, BATCH, RATE = 20, 2, 2e-3
FULL_RATE = 5e-4


def base():
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=307, hidden_size=64, intermediate_size=160, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, rms_norm_eps=1e-5,
        max_position_embeddings=128, tie_word_embeddings=True, bos_token_id=1, eos_token_id=2,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0})
    model = LlamaForCausalLM(config)
    for name, parameter in model.named_parameters():
        if "norm" in name:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
        else:
            torch.nn.init.normal_(parameter, std=0.08)
    return model.to(torch.bfloat16)  # Stored in bf16, so fp32 and bf16 start from the same numbers.


def rows():
    """Eight rows of 5 to 30 tokens; the first third of each is prompt. One has a gap in its targets."""
    made = []
    generator = torch.Generator().manual_seed(11)
    for i in range(8):
        length = int(torch.randint(5, 31, (1,), generator=generator))
        tokens = torch.randint(3, 307, (length,), generator=generator).tolist()
        trained = [t >= max(1, length // 3) for t in range(length)]
        if i == 3:
            trained[length - 2] = False
        made.append({"tokens": tokens, "trained": trained})
    return made


def padded(batch):
    width = max(len(row["tokens"]) for row in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    labels = torch.full((len(batch), width), -100)
    for i, row in enumerate(batch):
        n = len(row["tokens"])
        ids[i, :n] = torch.tensor(row["tokens"])
        mask[i, :n] = 1
        keep = torch.tensor(row["trained"])
        labels[i, :n] = torch.where(keep, ids[i, :n], -100)
    return ids, mask, labels


def loss_and_accuracy(model, batch):
    ids, mask, labels = padded(batch)
    logits = model(input_ids=ids, attention_mask=mask).logits[:, :-1].float()
    labels = labels[:, 1:]
    keep = labels != -100
    loss = torch.nn.functional.cross_entropy(logits[keep], labels[keep])
    accuracy = (logits[keep].argmax(-1) == labels[keep]).float().mean().item()
    return loss, accuracy


def train(model, data, start, precision, steps=STEPS):
    torch.manual_seed(3)
    config = LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, lora_dropout=0.0, target_modules=TARGETS)
    peft = get_peft_model(model.to(precision), config)
    if start:
        with torch.no_grad():
            for name, parameter in peft.named_parameters():
                if "lora_" in name:
                    parameter.copy_(start[name.replace(".default", "")])
    else:  # Not PEFT's own start, whose B is zero: then the gradient of A would not be tried at step 1.
        with torch.no_grad():
            for name, parameter in peft.named_parameters():
                if "lora_" in name:
                    parameter.normal_(std=0.05)
        start = {k: v.clone().float().contiguous() for k, v in get_peft_model_state_dict(peft).items()}
    trained = [p for p in peft.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    log = []
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (steps - step) / steps
        batch = [data[(step * BATCH + i) % len(data)] for i in range(BATCH)]
        optimizer.zero_grad()
        loss, accuracy = loss_and_accuracy(peft, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0).item()
        optimizer.step()
        log.append({"loss": loss.item(), "accuracy": accuracy, "gradient_norm": norm})
    with torch.no_grad():
        final, final_accuracy = loss_and_accuracy(peft, data)
    return start, {"steps": log, "final": {"loss": final.item(), "accuracy": final_accuracy}}


def train_all(folder, data, precision):
    """fp32 weights and moments; in bf16 the products are computed under autocast, as the usual recipes do."""
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
    trained = list(model.parameters())
    optimizer = torch.optim.AdamW(trained, lr=FULL_RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    log = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = FULL_RATE * (STEPS - step) / STEPS
        batch = [data[(step * BATCH + i) % len(data)] for i in range(BATCH)]
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == torch.bfloat16):
            loss, accuracy = loss_and_accuracy(model, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(trained, 1.0).item()
        optimizer.step()
        log.append({"loss": loss.item(), "accuracy": accuracy, "gradient_norm": norm})
    with torch.no_grad():
        final, final_accuracy = loss_and_accuracy(model, data)
    return {"steps": log, "final": {"loss": final.item(), "accuracy": final_accuracy}}


def full(folder):
    data = json.loads((folder / "expected.json").read_text())["rows"]
    made = {name: train_all(folder, data, kind) for name, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16))}
    (folder / "full.json").write_text(json.dumps({"learning_rate": FULL_RATE, **made}))


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    data = rows()
    model = base()
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    state = {k: v.clone() for k, v in model.state_dict().items()}

    def again():
        fresh = LlamaForCausalLM(model.config)
        fresh.load_state_dict(state)
        fresh.tie_weights()
        return fresh

    with torch.no_grad():
        logits = again().float()(input_ids=torch.tensor([data[0]["tokens"]])).logits[0]
    start, fp32 = train(again(), data, None, torch.float32)
    _, bf16 = train(again(), data, start, torch.bfloat16)
    with torch.no_grad():
        config = LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, target_modules=TARGETS)
        peft = get_peft_model(again().float(), config)
        for name, parameter in peft.named_parameters():
            if "lora_" in name:
                parameter.copy_(start[name.replace(".default", "")])
        adapted = peft(input_ids=torch.tensor([data[0]["tokens"]])).logits[0]
    adapter = folder / "adapter"
    adapter.mkdir(exist_ok=True)
    save_file(start, adapter / "adapter_model.safetensors")
    LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, lora_dropout=0.0, target_modules=TARGETS,
               base_model_name_or_path="tiny").save_pretrained(adapter)
    expected = {
        "rows": data, "batch_size": BATCH, "learning_rate": RATE, "fp32": fp32, "bf16": bf16}
    (folder / "expected.json").write_text(json.dumps(expected))
    save_file({"logits": logits.contiguous(), "adapted": adapted.contiguous()}, folder / "logits.safetensors")


if __name__ == "__main__":
    if sys.argv[2:] != ["full"]:
        main(Path(sys.argv[1]))
    full(Path(sys.argv[1]))
