"""Makes the fixtures of the `weights` tests: python weights_fixtures.py (needs gguf, safetensors, torch, transformers).

quants.gguf                  one tensor of every type that Luthier dequantises, and metadata of every type
quants-expected.safetensors  the same tensors as the `gguf` package dequantises them (fp32), and torch's bf16 of those
tiny/                        a random Llama as a Hugging Face folder (fp32)
tiny.gguf                    that model as llama.cpp's converter lays it out, partly quantised
tiny-expected.safetensors    what transformers itself loads from tiny.gguf, in bf16
"""

import pathlib
import shutil

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from safetensors.torch import save_file
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

OUT = pathlib.Path(__file__).parent.parent / "resources" / "weights"
TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def half(values):
    return np.asarray(values, dtype=np.float16).view(np.uint8)


def random_blocks(rng, count, size, halves):
    """Random bytes as blocks; the half-precision scales at `halves` get small finite values of both signs."""
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    for at in halves:
        blocks[:, at : at + 2] = half(rng.normal(0, 0.05, count)).reshape(count, 2)
    return blocks


def quants():
    rng = np.random.default_rng(7)
    writer = gguf.GGUFWriter(OUT / "quants.gguf", "test")
    writer.add_uint8("t.u8", 200)
    writer.add_int8("t.i8", -3)
    writer.add_uint16("t.u16", 60000)
    writer.add_int16("t.i16", -30000)
    writer.add_uint32("t.u32", 4000000000)
    writer.add_int32("t.i32", -5)
    writer.add_float32("t.f32", 0.5)
    writer.add_bool("t.bool", True)
    writer.add_string("t.text", "Łuthier 🎻")
    writer.add_uint64("t.u64", 1 << 40)
    writer.add_int64("t.i64", -(1 << 40))
    writer.add_float64("t.f64", 0.1)
    writer.add_array("t.texts", ["a", "", "é"])
    writer.add_array("t.wholes", [1, -2, 3])
    writer.add_array("t.fractions", [0.25, -1.5])
    expected = {}

    def add(name, data, type_):
        writer.add_tensor(name, data, raw_dtype=type_)
        values = torch.from_numpy(gguf.quants.dequantize(data, type_).astype(np.float32).copy())
        expected[name] = values
        expected[name + ".bf16"] = values.to(torch.bfloat16)

    values = rng.normal(0, 1, (3, 256)).astype(np.float32)
    # Halfway cases of bf16 rounding, both parities, both signs; subnormals; the largest float.
    values[0, :8] = np.array(
        [0x3F808000, 0x3F818000, 0xBF808000, 0xBF818000, 0x00000001, 0x80008000, 0x7F7FFFFF, 0x3F808001], dtype=np.uint32
    ).view(np.float32)
    add("f32", values, Type.F32)
    for type_ in (Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0):
        rows = rng.normal(0, 1, (3, 256)).astype(np.float32)
        add(type_.name.lower(), gguf.quants.quantize(rows, type_), type_)
    # The package cannot quantise to these two, so their blocks are random; scales of every sign and size come up.
    add("q4_k", random_blocks(rng, 6, 144, [0, 2]).reshape(3, 288), Type.Q4_K)
    add("q6_k", random_blocks(rng, 6, 210, [208]).reshape(3, 420), Type.Q6_K)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    save_file(expected, OUT / "quants-expected.safetensors")


def permuted(weights, heads):
    """The row order of llama.cpp's convert_hf_to_gguf.py."""
    return (
        weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
        .swapaxes(1, 2)
        .reshape(weights.shape)
    )


def tiny():
    torch.manual_seed(11)
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = ["a b", "Ġ a", "ab c"]
    tokens += ["ab", "Ġa", "abc", "<|im_start|>", "<|im_end|>"]
    types = [1] * (len(tokens) - 2) + [3, 3]
    config = LlamaConfig(
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=len(tokens),
        max_position_embeddings=128,
        rms_norm_eps=1e-5,
        rope_theta=50000.0,
        tie_word_embeddings=True,
        bos_token_id=len(tokens) - 2,
        eos_token_id=len(tokens) - 1,
    )
    model = LlamaForCausalLM(config)
    folder = OUT / "tiny"
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    (folder / "tokenizer.json").write_text('{"version":"1.0"}')

    writer = gguf.GGUFWriter(OUT / "tiny.gguf", "llama")
    writer.add_block_count(2)
    writer.add_context_length(128)
    writer.add_embedding_length(64)
    writer.add_feed_forward_length(96)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_dimension_count(16)
    writer.add_rope_freq_base(50000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(len(tokens) - 2)
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_chat_template(TEMPLATE)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 2)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight":
            continue
        data = tensor.numpy()
        if name.endswith("q_proj.weight"):
            data = permuted(data, 4)
        if name.endswith("k_proj.weight"):
            data = permuted(data, 2)
        type_ = Type.F32 if data.ndim == 1 else Type.Q8_0 if "embed" in name else Type.Q4_1
        target = names.get_name(name, try_suffixes=(".weight",))
        writer.add_tensor(target, gguf.quants.quantize(data, type_), raw_dtype=type_)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    loaded = AutoModelForCausalLM.from_pretrained(OUT, gguf_file="tiny.gguf", dtype=torch.float32)
    state = {k: v.to(torch.bfloat16).clone() for k, v in loaded.state_dict().items() if k != "lm_head.weight"}
    save_file(state, OUT / "tiny-expected.safetensors")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    quants()
    tiny()
