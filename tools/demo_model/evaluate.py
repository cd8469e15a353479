"""Measures a demo model: loss on the held-out documents beside its baselines, int8 against the checkpoint's own weights,
accuracy, pronouns, capitals, samples. Writes evaluation.json, which MODEL_CARD.md is made from.

Loss is over every whole window of n_ctx tokens of val.bin, each predicted from what precedes it in its window; the baselines' is over
the same tokens. A longer window has more to predict from: for comparison with models of other contexts, also over windows of 256,
where n_ctx is more.

usage: evaluate.py MODEL_DIR DATA_DIR OUT.json --ranks RANKS --float CHECKPOINT.pt
"""

import argparse
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from model import GPT2, N_VOCAB, Sizes, from_hugging_face
from prepare import END_OF_TEXT, load_tokenizer

HERE = Path(__file__).parent


def build(state, sizes):
    model = GPT2(sizes)
    model.load_state_dict(state)
    return model.eval()


@torch.no_grad()
def loss_and_accuracy(model, val, n_ctx):
    windows = np.stack([val[i : i + n_ctx + 1] for i in range(0, len(val) - n_ctx, n_ctx)]).astype(np.int64)
    total = correct = count = 0
    for batch in torch.from_numpy(windows).split(max(1, 2048 // n_ctx)):
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

    after_a_document = np.concatenate([[END_OF_TEXT], val])  # the first token to predict has one before it
    x, y, z = (after_a_document[i : len(val) - 1 + i].astype(np.int64) for i in range(3))
    t2, f2 = lookup(contexts2, total2, y), lookup(contexts2, follow2, y)
    p2 = np.where(t2 > 0, (np.maximum(lookup(key2, n2, y * N_VOCAB + z) - D, 0) + D * f2 * p1[z]) / np.maximum(t2, 1), p1[z])
    xy = x * N_VOCAB + y
    t3, f3 = lookup(contexts3, total3, xy), lookup(contexts3, follow3, xy)
    p3 = np.where(t3 > 0, (np.maximum(lookup(key3, n3, xy * N_VOCAB + z) - D, 0) + D * f3 * p2) / np.maximum(t3, 1), p2)
    return float(-np.log(p3).mean())


@torch.no_grad()
def next_logits(model, ids):
    return model.wte.weight @ model.hidden(torch.tensor([ids]))[-1]


def pronouns(model, tokenizer):
    cases = json.loads((HERE / "pronoun_pairs.json").read_text(encoding="utf-8"))
    right, wrong = 0, []
    for case in cases:
        logits = next_logits(model, tokenizer.encode_ordinary(case["prompt"]))
        expected, other = (logits[tokenizer.encode_ordinary(case[k])[0]].item() for k in ("expected", "other"))
        right += expected > other
        if expected <= other:
            wrong.append(case["prompt"] + case["other"])
    return dict(n_prompts=len(cases), n_pairs=len(cases) // 2, share=right / len(cases), chance=0.5, wrong=wrong)


def capitals(model, tokenizer, by_rule):
    """Right: the most probable tokens, one after another, are those of the capital's name. Taught: the sentences made by rule, the
    text `by_rule`, say it in the words of the prompt."""
    rows = []
    for country, capital in json.loads((HERE / "capitals.json").read_text(encoding="utf-8")):
        prompt, wanted, said = tokenizer.encode_ordinary(f"The capital of {country} is"), tokenizer.encode_ordinary(capital), []
        for _ in wanted:
            said.append(next_logits(model, prompt + said).argmax().item())
        rows.append(dict(country=country, said=tokenizer.decode(said), expected=capital, right=said == wanted,
                         taught=f"The capital of {country} is{capital}." in by_rule))
    return dict(n=len(rows), right=sum(r["right"] for r in rows), taught=sum(r["taught"] for r in rows),
                taught_and_right=sum(r["taught"] and r["right"] for r in rows), rows=rows)


def sample(model, tokenizer, prompt, n_tokens, seed, n_ctx):
    """Temperature 0.8, top-k 40."""
    generator = torch.Generator().manual_seed(seed)
    ids = tokenizer.encode_ordinary(prompt)
    for _ in range(n_tokens):
        values, indices = next_logits(model, ids[-n_ctx:]).div(0.8).topk(40)
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
    parser.add_argument("--float", type=Path, required=True, help="the checkpoint the model was exported from")
    args = parser.parse_args()
    torch.manual_seed(1)

    config = json.loads((args.model / "config.json").read_text())
    sizes = Sizes(config["n_layer"], config["n_head"], config["n_embd"], config["n_ctx"])
    tokenizer = load_tokenizer(args.ranks)
    train, val = (np.fromfile(args.data / f"{part}.bin", dtype=np.uint16) for part in ("train", "val"))
    file = args.model / "model.safetensors"
    model = build(from_hugging_face(load_file(file)), sizes)

    result = dict(config=config, parameters=sum(p.numel() for p in model.parameters()), file_bytes=file.stat().st_size,
                  sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    result["int8"] = loss_and_accuracy(model, val, sizes.n_ctx)
    if sizes.n_ctx > 256:
        result["int8_windows_of_256"] = loss_and_accuracy(model, val, 256)
    c = torch.load(args.float, weights_only=False, map_location="cpu")
    result["float"] = {**loss_and_accuracy(build(c["model"], sizes), val, sizes.n_ctx),
                       "dtype": str(c["model"]["wte.weight"].dtype).removeprefix("torch.")}
    predicted = val[: result["int8"]["n_tokens"] + 1]  # the windows follow on each other
    result["baselines"] = dict(untrained=loss_and_accuracy(GPT2(sizes).eval(), predicted, sizes.n_ctx)["loss"],
                               unigram=unigram_loss(train, predicted), trigram=trigram_loss(train, predicted))
    result["data"] = json.loads((args.data / "data.json").read_text(encoding="utf-8"))
    result["pronouns"] = pronouns(model, tokenizer)
    result["capitals"] = capitals(model, tokenizer, (args.data / "generated.txt").read_text(encoding="utf-8"))
    result["samples"] = [sample(model, tokenizer, p, 60, seed, sizes.n_ctx) for seed, p in enumerate(PROMPTS)]
    args.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in result.items() if k != "samples"}, indent=1)[:3000])


if __name__ == "__main__":
    main()
