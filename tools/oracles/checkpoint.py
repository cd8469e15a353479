"""Makes seeded random GPT-2 checkpoints in Hugging Face's layout.

usage: checkpoint.py NAME OUT_DIR [--layout saved|hub|legacy] [--dtype f32|f16|bf16] [--seed N]

NAME is a configuration below. The layouts are those that GPT-2 files come in:
  saved   as save_pretrained writes it: names begin with "transformer.", the tied lm_head is left out
  hub     as openai-community/gpt2 on the hub: bare names, with the causal masks `attn.bias`
  legacy  as an old state_dict: prefix, `attn.bias`, `attn.masked_bias` and lm_head.weight
"""

import argparse
import math
import pathlib
import zlib

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

logging.disable_progress_bar()
logging.set_verbosity_error()

# tiny: no size is a multiple of a vector register, so every kernel's tail is met.
CONFIGS = {
    "tiny": {"n_layer": 3, "n_embd": 36, "n_head": 4, "n_positions": 32, "vocab_size": 199},
    "small": {"n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024, "vocab_size": 50257},
}
DTYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}


def make_config(name):
    """Without dropout and special tokens, which a forward run does not use and a small vocabulary does not hold."""
    sizes = CONFIGS[name]
    return GPT2Config(**sizes, bos_token_id=None, eos_token_id=None, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)


def draw(name, shape, seed):
    """One weight, from a stream of its own: adding a tensor changes no other.

    GPT-2's initialisation (std 0.02, biases 0, gains 1) leaves attention flat and most mistakes unseen. These are drawn
    as large as training makes them: rows of wte and wpe have the norms of GPT-2 small's (about 4 and 3), queries and
    keys spread enough for peaked attention, every bias is far from 0 and every gain from 1.
    """
    generator = torch.Generator().manual_seed(zlib.crc32(f"{seed}/{name}".encode()))
    noise = torch.randn(shape, generator=generator, dtype=torch.float32)
    kind = name.split(".", 2)[-1] if name.startswith("h.") else name  # "attn.c_attn.weight"
    if "ln_" in kind:
        return 1.0 + 0.3 * noise if kind.endswith("weight") else 0.2 * noise
    if kind.endswith("bias"):
        return 0.2 * noise
    if kind in ("wte.weight", "wpe.weight"):
        row_norm = {"wte.weight": 4.0, "wpe.weight": 3.0}[kind]
        return noise * (row_norm / math.sqrt(shape[1]))
    gain = {"attn.c_attn": 1.2, "attn.c_proj": 0.8, "mlp.c_fc": 1.0, "mlp.c_proj": 0.8}[kind.removesuffix(".weight")]
    return noise * (gain / math.sqrt(shape[0]))


def make_model(name, seed):
    """The model, float32, in eval mode."""
    model = GPT2LMHeadModel(make_config(name)).eval()
    with torch.no_grad():
        for parameter_name, parameter in model.transformer.named_parameters():
            parameter.copy_(draw(parameter_name, parameter.shape, seed))
    return model


def layout_tensors(model, layout):
    """The tensors of a file of that layout. Masks are stored as the real files store them: [1, 1, n_ctx, n_ctx] of 0
    and 1 in the weights' format."""
    n_ctx = model.config.n_positions
    prefix = "" if layout == "hub" else "transformer."
    tensors = {prefix + name: parameter.detach() for name, parameter in model.transformer.named_parameters()}
    for layer in range(model.config.n_layer):
        attention = f"{prefix}h.{layer}.attn."
        tensors[attention + "bias"] = torch.ones(n_ctx, n_ctx).tril().view(1, 1, n_ctx, n_ctx)
        if layout == "legacy":
            tensors[attention + "masked_bias"] = torch.tensor(-1e4)
    if layout == "legacy":
        tensors["lm_head.weight"] = model.lm_head.weight.detach()
    return tensors


def save(model, out_dir, layout, dtype):
    """Writes model.safetensors and config.json."""
    out_dir.mkdir(parents=True, exist_ok=True)
    if layout == "saved":
        model.to(dtype).save_pretrained(out_dir)
        (out_dir / "generation_config.json").unlink(missing_ok=True)  # says nothing about the weights
        return
    model.config.save_pretrained(out_dir)
    tensors = {name: tensor.to(dtype).clone().contiguous() for name, tensor in layout_tensors(model, layout).items()}
    save_file(tensors, out_dir / "model.safetensors", metadata={"format": "pt"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=CONFIGS)
    parser.add_argument("out_dir", type=pathlib.Path)
    parser.add_argument("--layout", choices=("saved", "hub", "legacy"), default="saved")
    parser.add_argument("--dtype", choices=DTYPES, default="f32")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    model = make_model(arguments.name, arguments.seed)
    save(model, arguments.out_dir, arguments.layout, DTYPES[arguments.dtype])


if __name__ == "__main__":
    main()
