"""Makes `dpo.json`: the losses, reward margins and gradient norms of 12 steps of direct preference optimization
on the tiny model and adapter that make_training_fixture.py has made, by TRL's own trainer.

    python make_preference_fixture.py ../resources/dev/luthier/engine/train/tiny

Needs torch, transformers, peft, trl, datasets. The tests need none of them.
"""

import json
import sys
import tempfile
from pathlib import Path

import torch
from datasets import Dataset
from peft import PeftModel
from tokenizers import Tokenizer, models
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer

STEPS, BATCH, RATE, BETA = 12, 2, 2e-3, 0.3


def pairs():
    """Six pairs with prompts of 3 to 12 tokens and answers of 1 to 15; two share their prompt."""
    made = []
    generator = torch.Generator().manual_seed(23)

    def tokens(least, most):
        length = int(torch.randint(least, most, (1,), generator=generator))
        return torch.randint(3, 307, (length,), generator=generator).tolist()

    for i in range(6):
        prompt = made[0]["prompt_ids"] if i == 3 else tokens(3, 13)
        made.append({"prompt_ids": prompt, "chosen_ids": tokens(1, 16), "rejected_ids": tokens(1, 16)})
    return made


class Plain(DPOTrainer):
    """Takes rows that are tokens already."""

    def _prepare_dataset(self, dataset, *_, **__):
        return dataset


def main(folder):
    data = pairs()
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
    model = PeftModel.from_pretrained(model, folder / "adapter", is_trainable=True)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"<pad>": 0, "</s>": 2}, unk_token="<pad>")),
        pad_token="<pad>", eos_token="</s>")
    with tempfile.TemporaryDirectory() as output:
        config = DPOConfig(output_dir=output, beta=BETA, use_cpu=True, bf16=False, report_to=[],
                           gradient_checkpointing=False, max_length=None)
        trainer = Plain(model=model, args=config, train_dataset=Dataset.from_list(data), processing_class=tokenizer)
        trained = [p for n, p in trainer.model.named_parameters() if p.requires_grad and ".default." in n]
        optimizer = torch.optim.AdamW(trained, lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
        log = []
        for step in range(STEPS):
            for group in optimizer.param_groups:
                group["lr"] = RATE * (STEPS - step) / STEPS
            batch = trainer.data_collator([data[(step * BATCH + i) % len(data)] for i in range(BATCH)])
            optimizer.zero_grad()
            loss = trainer.compute_loss(trainer.model, batch)
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(trained, 1.0).item()
            optimizer.step()
            said = {name: values[-1] for name, values in trainer._metrics["train"].items()}
            log.append({"loss": loss.item(), "margin": said["rewards/margins"],
                        "accuracy": said["rewards/accuracies"], "gradient_norm": norm})
    made = {"pairs": data, "beta": BETA, "learning_rate": RATE, "batch_size": BATCH, "steps": log}
    (folder / "dpo.json").write_text(json.dumps(made))
    print(json.dumps(log, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
