"""Writes tests/golden/analysis/subspace_removal.json: lesson 5's removal in NumPy and Hugging Face's model, in float64.

    python tools/oracles/subspace_removal.py tests/golden/gpt2_tiny tests/golden/analysis/subspace_removal.json

Written from the formulas, with an SVD where Soi decomposes Gram matrices, and covariances formed in full.
"""

import json
import pathlib
import sys

import numpy as np
import torch
from hooked_gpt2 import HookedGpt2
from load_model import load_model

SEED = 170420
DIGITS = 9
CASES = [
    {"protocol": "notebook", "hook": "before_gelu"},
    {"protocol": "document", "hook": "before_gelu"},
    {"protocol": "corrected", "hook": "before_gelu"},
    {"protocol": "corrected", "hook": "after_gelu", "fit": "sentence", "component": 2, "rank": 2},
]
SETTINGS = {  # centring, restore, fit, first_position
    "notebook": ("none", "token_mean", "sentence", True),
    "document": ("none", "mean_vector", "sentence", True),
    "corrected": ("mean", "mean_vector", "reference", False),
}


def remove(x, fitted, centring, restore, first, component, rank):
    """x [T, d] with components taken out that are those of `fitted`; position 0 left alone unless `first`."""
    skip = 0 if first else 1
    rows, mean = x[skip:], fitted[skip:].mean(0)
    centre = mean if centring == "mean" else np.zeros_like(mean)
    v = np.linalg.svd(fitted[skip:] - centre, full_matrices=False)[2][component - 1 : component - 1 + rank].T
    kept = (rows - centre) - (rows - centre) @ v @ v.T
    kept = kept + (rows.mean(1, keepdims=True) if restore == "token_mean" else mean)
    return np.vstack([x[:skip], kept])


def relative_change(before, after):
    return np.linalg.norm(after - before) / np.linalg.norm(before)


def top_share(x, centred, squared):
    values = np.linalg.svd(x - x.mean(0) if centred else x, compute_uv=False)
    values = values**2 if squared else values
    return values[0] / values.sum()


def run(model, tokens, edits=None):
    """Hidden states (embeddings, after each block, after ln_final), log-probabilities of the next tokens, and all."""
    with torch.no_grad():
        seen = {name: value.numpy().copy() for name, value in model.run(tokens, edits=edits).items()}
    n_layers = len(model.model.transformer.h)
    names = ["blocks.0.hook_resid_pre", *(f"blocks.{i}.hook_resid_post" for i in range(n_layers)),
             "ln_final.hook_normalized"]
    logits = seen["logits"][:-1]
    correct = logits[np.arange(len(logits)), tokens[1:].numpy()]
    top = logits.max(1)
    log_p = correct - top - np.log(np.exp(logits - top[:, None]).sum(1))
    return [seen[name] for name in names], correct, log_p, seen


def case(model, sentence, reference, settings):
    centring, restore, fit, first = SETTINGS[settings["protocol"]]
    fit = settings.get("fit", fit)
    component, rank = settings.get("component", 1), settings.get("rank", 1)
    point = "mlp.hook_pre" if settings["hook"] == "before_gelu" else "mlp.hook_post"
    skip = 0 if first else 1
    clean, logit, log_p, seen = run(model, sentence)
    other = run(model, reference)[3]
    blocks = []
    for layer in range(len(model.model.transformer.h)):
        name = f"blocks.{layer}.{point}"
        x = seen[name]
        edited_x = remove(x, x if fit == "sentence" else other[name], centring, restore, first, component, rank)
        states, edited_logit, edited_log_p, _ = run(
            model, sentence, {name: lambda activation, value=edited_x: torch.from_numpy(value)})
        a, b = x[skip:], edited_x[skip:]
        blocks.append({
            "log_probability_drop": log_p - edited_log_p,
            "logit_drop": logit - edited_logit,
            "absolute": [np.linalg.norm((h - c)[skip:]) for h, c in zip(states, clean)],
            "relative": [np.linalg.norm((h - c)[skip:]) / np.linalg.norm(c[skip:]) for h, c in zip(states, clean)],
            "cosine": [((h * c).sum(1) / np.linalg.norm(h, axis=1) / np.linalg.norm(c, axis=1))[skip:].mean()
                       for h, c in zip(states, clean)],
            "neurons": relative_change(np.cov(a.T), np.cov(b.T)),
            "tokens": relative_change(np.cov(a), np.cov(b)),
            "mean_change": np.abs(b - a).mean() / np.abs(a).mean(),
            "shares": {("squared" if squared else "unsquared") + ("_centred" if centred else "_raw"):
                       top_share(a, centred, squared) for centred in (True, False) for squared in (True, False)},
        })
    return {"settings": {key: str(value) for key, value in settings.items()}, "blocks": blocks}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | np.ndarray):
        return [rounded(item) for item in value]
    return value if isinstance(value, str) else float(f"{value:.{DIGITS}g}")


def main(folder, output):
    model = HookedGpt2(load_model(pathlib.Path(folder)).double())
    rng = np.random.default_rng(SEED)
    n_vocab = model.model.config.vocab_size
    sentence, reference = (torch.from_numpy(rng.integers(0, n_vocab, size=n)) for n in (22, 30))
    text = {"sentence": sentence.tolist(), "reference": reference.tolist(),
            "cases": [rounded(case(model, sentence, reference, settings)) for settings in CASES]}
    pathlib.Path(output).write_text(json.dumps(text, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
