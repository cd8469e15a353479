"""A checkpoint of train.py as the site's model: model.safetensors (int8), config.json and SHA256SUMS.

int8: a matrix NAME is I8 with NAME.scale F32, one scale a row of wte and wpe, one a column (an output) of the Conv1D
matrices; value = int8 * scale. Vectors stay F32. Weights that are not finite are refused.

usage: export.py CHECKPOINT.pt OUT_DIR
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from model import N_VOCAB, to_hugging_face


def quantize(tensors):
    out = {}
    for name, value in tensors.items():
        if value.dim() != 2:
            out[name] = value
            continue
        axis = 0 if name.startswith("h.") else 1  # the axis that a scale spans: the inputs
        scale = value.abs().amax(axis, keepdim=True).clamp(min=1e-12) / 127
        out[name] = (value / scale).round().to(torch.int8)
        out[name + ".scale"] = scale.flatten().contiguous()
    return out


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    checkpoint, out = map(Path, sys.argv[1:])
    c = torch.load(checkpoint, weights_only=False, map_location="cpu")
    tensors = to_hugging_face(c["model"])
    for name, value in tensors.items():
        if not value.isfinite().all():
            sys.exit(f"{name} holds NaN or infinity: this checkpoint is not exported. Go back to an earlier one.")
    out.mkdir(parents=True, exist_ok=True)
    save_file(quantize(tensors), out / "model.safetensors", {"format": "pt"})
    s = c["sizes"]
    config = dict(architectures=["GPT2LMHeadModel"], model_type="gpt2", vocab_size=N_VOCAB, n_positions=s["n_ctx"],
                  n_ctx=s["n_ctx"], n_embd=s["n_embd"], n_layer=s["n_layer"], n_head=s["n_head"],
                  activation_function="gelu_new", layer_norm_epsilon=1e-5)
    (out / "config.json").write_text(json.dumps(config) + "\n")
    sums = [f"{hashlib.sha256((out / f).read_bytes()).hexdigest()}  {f}\n" for f in ("model.safetensors", "config.json")]
    (out / "SHA256SUMS").write_text("".join(sums))
    print(f"{(out / 'model.safetensors').stat().st_size / 1e6:.1f} MB, step {c['step']}")


if __name__ == "__main__":
    main()
