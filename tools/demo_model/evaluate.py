"""Measures a demo model: loss on the held-out documents beside its baselines, int8 against float32, accuracy, pronouns,
capitals, samples. Writes evaluation.json, which MODEL_CARD.md is made from.

Loss is over every whole window of n_ctx tokens of val.bin, each predicted from what precedes it in its window.

usage: evaluate.py MODEL_DIR DATA_DIR OUT.json [--float CHECKPOINT.pt]
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tiktoken import Encoding

from model import GPT2, N_VOCAB, Sizes, from_hugging_face
from prepare import load_tokenizer

HERE = Path(__file__).parent


def build(state, sizes):
    model = GPT2(sizes)
    model.load_state_dict(state)
    return model.eval()


@torch.no_grad()
def loss_and_accuracy(model, val, n_ctx):
    windows = np.stack([val[i : i + n_ctx + 1] for i in range(0, len(val) - n_ctx - 1, n_ctx)]).astype(np.int64)
    total = correct = count = 0
    for batch in torch.from_numpy(windows).split(8):
        logits = model.logits(batch[:, :-1])
        target = batch[:, 1:].flatten()
        total += F.cross_entropy(logits, target, reduction="sum").item()
        correct += (logits.argmax(1) == target).sum().item()
        count += len(target)
    return dict(loss=total / count, perplexity=math.exp(total / count), top1=correct / count, n_tokens=count)


def unigram_loss(train, val):
    p = np.bincount(train, minlength=N_VOCAB) + 1.0
    return float(-np.log(p / p.sum())[val[1:]].mean())


def trigram_loss(train, val):
    """Interpolated Kneser-Ney with one discount (Chen and Goodman 1999, section 4), 0.75 at each order."""
    D = 0.75
    a, b, c = (train[i : len(train) - 2 + i].astype(np.int64) for i in range(3))
    key3, n3 = np.unique((a * N_VOCAB + b) * N_VOCAB + c, return_counts=True)
    pair = key3 // N_VOCAB
    contexts3, first, follow3 = np.unique(pair, return_index=True, return_counts=True)
    total3 = np.add.reduceat(n3, first)
    # Lower orders count in how many contexts a thing was seen, not how often.
    key2, n2 = np.unique(key3 % (N_VOCAB * N_VOCAB), return_counts=True)
    contexts2, first2, follow2 = np.unique(key2 // N_VOCAB, return_index=True, return_counts=True)
    total2 = np.add.reduceat(n2, first2)
    n1 = np.bincount(key2 % N_VOCAB, minlength=N_VOCAB).astype(float)
    p1 = np.maximum(n1 - D, 0) / n1.sum() + D * (n1 > 0).sum() / n1.sum() / N_VOCAB

    def lookup(keys, values, wanted):
        i = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[i] == wanted, values[i], 0)

    x, y, z = (val[i : len(val) - 2 + i].astype(np.int64) for i in range(3))
    t2, f2 = lookup(contexts2, total2, y), lookup(contexts2, follow2, y)
    p2 = np.where(t2 > 0, (np.maximum(lookup(key2, n2, y * N_VOCAB + z) - D, 0) + D * f2 * p1[z]) / np.maximum(t2, 1), p1[z])
    xy = x * N_VOCAB + y
    t3, f3 = lookup(contexts3, total3, xy), lookup(contexts3, follow3, xy)
    p3 = np.where(t3 > 0, (np.maximum(lookup(key3, n3, xy * N_VOCAB + z) - D, 0) + D * f3 * p2) / np.maximum(t3, 1), p2)
    return float(-np.log(p3).mean())


@torch.no_grad()
def next_logits(model, tokenizer: Encoding, prompt):
    return model.logits(torch.tensor([tokenizer.encode_ordinary(prompt)]))[-1]


def pronouns(model, tokenizer):
    cases = json.loads((HERE / "pronoun_pairs.json").read_text(encoding="utf-8"))
    right, wrong = 0, []
    for case in cases:
        logits = next_logits(model, tokenizer, case["prompt"])
        expected, other = (logits[tokenizer.encode_ordinary(case[k])[0]].item() for k in ("expected", "other"))
        right += expected > other
        if expected <= other:
            wrong.append(case["prompt"] + case["other"])
    return dict(n_prompts=len(cases), n_pairs=len(cases) // 2, share=right / len(cases), chance=0.5, wrong=wrong)


def capitals(model, tokenizer):
    cases = json.loads((HERE / "capitals.json").read_text(encoding="utf-8"))
    rows = []
    for country, capital in cases:
        logits = next_logits(model, tokenizer, f"The capital of {country} is")
        wanted = tokenizer.encode_ordinary(capital)[0]
        rows.append(dict(country=country, said=tokenizer.decode([logits.argmax().item()]), expected=capital,
                         rank=int((logits > logits[wanted]).sum()) + 1))
    return dict(n=len(rows), first=sum(r["rank"] == 1 for r in rows), rows=rows)


@torch.no_grad()
def sample(model, tokenizer, prompt, n_tokens, seed, n_ctx):
    """Temperature 0.8, top-k 40."""
    generator = torch.Generator().manual_seed(seed)
    ids = tokenizer.encode_ordinary(prompt)
    for _ in range(n_tokens):
        values, indices = model.logits(torch.tensor([ids[-n_ctx:]]))[-1].div(0.8).topk(40)
        ids.append(indices[torch.multinomial(values.softmax(0), 1, generator=generator)].item())
    return tokenizer.decode(ids)


PROMPTS = ["The woman lost her hat, so", "The king looked at the sea and", "In the morning the children", "Hungary is",
           "The capital of France is", "\"I do not believe you,\" said", "He opened the door and saw", "The old house stood",
           "Tea is", "Once upon a time"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--ranks", type=Path, required=True)
    parser.add_argument("--float", type=Path, help="the checkpoint the model was exported from")
    args = parser.parse_args()
    torch.manual_seed(1)

    config = json.loads((args.model / "config.json").read_text())
    sizes = Sizes(config["n_layer"], config["n_head"], config["n_embd"], config["n_ctx"])
    tokenizer = load_tokenizer(args.ranks)
    train, val = (np.fromfile(args.data / f"{part}.bin", dtype=np.uint16) for part in ("train", "val"))
    model = build(from_hugging_face(load_file(args.model / "model.safetensors")), sizes)

    result = dict(config=config, parameters=sum(p.numel() for p in model.parameters()),
                  file_bytes=(args.model / "model.safetensors").stat().st_size)
    result["int8"] = loss_and_accuracy(model, val, sizes.n_ctx)
    if args.float:
        c = torch.load(args.float, weights_only=False, map_location="cpu")
        result["float32"] = loss_and_accuracy(build(c["model"], sizes), val, sizes.n_ctx)
        result["steps"], result["minutes"] = c["step"], c["spent"] / 60
    result["baselines"] = dict(untrained=loss_and_accuracy(GPT2(sizes).eval(), val[: 40 * sizes.n_ctx], sizes.n_ctx)["loss"],
                               unigram=unigram_loss(train, val), trigram=trigram_loss(train, val))
    result["pronouns"] = pronouns(model, tokenizer)
    result["capitals"] = capitals(model, tokenizer)
    result["samples"] = [sample(model, tokenizer, p, 60, seed, sizes.n_ctx) for seed, p in enumerate(PROMPTS)]
    args.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in result.items() if k != "samples"}, indent=1)[:3000])


if __name__ == "__main__":
    main()
