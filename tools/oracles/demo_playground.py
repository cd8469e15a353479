"""Writes what PyTorch says of one sentence with the site's own model: what the end-to-end test expects on the page.

usage: demo_playground.py MODEL_DIR OUT.json

The int8 weights are widened to float32, as Soi reads them. `lens` has one entry a layer, at the last position: the
stream before block `layer`, and after the last block at layer = n_layers, through ln_f and the unembedding.
"""

import hashlib
import json
import pathlib
import sys

import torch

from hooked_gpt2 import HookedGpt2
from load_model import load_model
from r50k_base import encoding

SENTENCE = "The old woman had lost the key to her house, so I helped"
N_TOP = 5
ATTENTION = {"layer": 2, "head": 1}


def ranked(logits, n_top, tokenizer):
    """The most probable tokens, with their logits and probabilities of the whole distribution."""
    probabilities = torch.softmax(logits.double(), dim=-1)
    return [
        {
            "id": int(token),
            "text": tokenizer.decode([int(token)]),
            "logit": round(float(logits[token]), 5),
            "probability": round(float(probabilities[token]), 7),
        }
        for token in logits.topk(n_top).indices
    ]


def playground(model, tokenizer):
    tokens = tokenizer.encode_ordinary(SENTENCE)
    ids = torch.tensor(tokens)
    hooked = HookedGpt2(model)
    hooked.check_against_stock(ids)
    n_layers = model.config.n_layer
    with torch.no_grad():
        activations = hooked.run(ids)
        last_rows = [activations[f"blocks.{layer}.hook_resid_pre"][-1] for layer in range(n_layers)]
        last_rows.append(activations[f"blocks.{n_layers - 1}.hook_resid_post"][-1])
        lens = [model.lm_head(model.transformer.ln_f(row[None, None]))[0, 0] for row in last_rows]
    pattern = activations[f"blocks.{ATTENTION['layer']}.attn.hook_pattern"]
    return {
        "sentence": SENTENCE,
        "tokens": [{"id": token, "text": tokenizer.decode([token])} for token in tokens],
        "next": ranked(activations["logits"][-1], N_TOP, tokenizer),
        "attention": ATTENTION | {"query": len(tokens) - 1, "row": rounded(pattern[ATTENTION["head"], -1])},
        "lens": [{"layer": layer, **ranked(logits, 1, tokenizer)[0]} for layer, logits in enumerate(lens)],
    }


def rounded(row):
    return [round(value, 7) for value in row.tolist()]


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    model_dir, out = map(pathlib.Path, sys.argv[1:])
    checksum = hashlib.sha256((model_dir / "model.safetensors").read_bytes()).hexdigest()
    golden = {"model_sha256": checksum} | playground(load_model(model_dir), encoding())
    out.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
