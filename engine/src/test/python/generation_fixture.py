"""Makes the fixture of the generation tests: what transformers and peft generate from the tiny Llama of the training
tests. python generation_fixture.py (needs torch, transformers, peft).

Prompts are drawn from a printed seed; a prompt is kept only where the two best logits of every step lie further apart
than MARGIN, so that the order of a sum cannot decide a token.
"""

import json
import pathlib

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

HERE = pathlib.Path(__file__).parent.parent / "resources" / "dev" / "luthier" / "engine"
SEED, PROMPTS, TOKENS, MARGIN = 5, 6, 24, 1e-3


def greedy(model, prompt):
    """The greedy continuation, its logprobs, and the least distance of the two best logits."""
    out = model.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        max_new_tokens=TOKENS,
        do_sample=False,
        eos_token_id=None,
        pad_token_id=0,
        output_logits=True,
        return_dict_in_generate=True,
    )
    logits = torch.stack(out.logits)[:, 0].float()
    best = logits.topk(2).values
    tokens = out.sequences[0, len(prompt) :].tolist()
    logprobs = logits.log_softmax(-1)[range(TOKENS), tokens].tolist()
    return tokens, logprobs, (best[:, 0] - best[:, 1]).min().item()


def main():
    print("seed", SEED)
    base = AutoModelForCausalLM.from_pretrained(HERE / "train" / "tiny", dtype=torch.float32)
    tuned = AutoModelForCausalLM.from_pretrained(HERE / "train" / "tiny", dtype=torch.float32)
    tuned = PeftModel.from_pretrained(tuned, HERE / "train" / "tiny" / "adapter")
    generator = torch.Generator().manual_seed(SEED)
    cases = []
    while len(cases) < PROMPTS:
        length = int(torch.randint(1, 40, (1,), generator=generator))
        prompt = torch.randint(3, 307, (length,), generator=generator).tolist()
        plain, plain_logprobs, a = greedy(base, prompt)
        adapted, adapted_logprobs, b = greedy(tuned, prompt)
        if min(a, b) > MARGIN:
            cases.append(
                {
                    "prompt": prompt,
                    "base": {"tokens": plain, "logprobs": plain_logprobs},
                    "adapter": {"tokens": adapted, "logprobs": adapted_logprobs},
                }
            )
    (HERE / "infer").mkdir(exist_ok=True)
    (HERE / "infer" / "greedy.json").write_text(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
