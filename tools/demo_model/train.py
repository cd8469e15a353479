"""Trains the demo model. Run by `tools/demo_model/run`; see README.md. Resumes from OUT/checkpoint.pt.

Matrices inside the blocks: Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers"). Embeddings, gains and
biases: AdamW. Learning rate: short warm-up, flat, and over the last `--decay` steps linear to 3 % (Hägele et al. 2024,
"Scaling laws and compute-optimal training beyond fixed training durations"): a run may be prolonged while it is flat, and
decayed from any checkpoint with a copy of the folder. Until `--full` steps before the end the softmax runs over a sample of
the vocabulary (Jean et al. 2015), which on a CPU makes a step about three times faster; the rest is exact.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from safetensors.torch import load_file

from model import GPT2, N_VOCAB, Sizes, from_hugging_face


def has_bfloat16(device):
    """Whether products in bfloat16 have instructions of their own; without them they are a hundred times slower."""
    capabilities = torch.cpu.get_capabilities()
    return device == "cuda" or capabilities.get("avx512_bf16", False) or capabilities.get("amx_bf16", False)


def orthogonalize(gradient, dtype, steps=5):
    """Newton-Schulz iteration towards the nearest orthogonal matrix; `dtype` may be as coarse as bfloat16."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = gradient.to(dtype)
    tall = x.shape[0] > x.shape[1]
    x = x.t() if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        xx = x @ x.t()
        x = a * x + (b * xx + c * xx @ xx) @ x
    return (x.t() if tall else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, dtype, momentum=0.95, weight_decay=0.1):
        self.dtype = dtype
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                m = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                update = orthogonalize(p.grad.lerp(m, group["momentum"]), self.dtype)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update, alpha=-group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


class VocabularySample:
    """Which tokens take part in a sampled softmax: the batch's own targets, and others with a chance that grows with
    their frequency to the power 0.75; `size` in all."""

    def __init__(self, train, size, rng):
        self.size, self.rng = size, rng
        weight = (np.bincount(train, minlength=N_VOCAB) + 0.3) ** 0.75
        low, high = 0.0, 1e9  # bisection for the factor at which the expected number is what we want
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if np.minimum(1, middle * weight).sum() < size * 0.68 else (low, middle)
        self.chance = np.minimum(1, low * weight)

    def draw(self, targets):
        present = np.unique(targets)
        keep = self.rng.random(N_VOCAB) < self.chance
        keep[present] = True
        ids = np.flatnonzero(keep)
        if len(ids) > self.size:  # too many: drop some that no target needs
            spare = np.setdiff1d(ids, present)
            ids = np.setdiff1d(ids, self.rng.choice(spare, len(ids) - self.size, replace=False))
        correction = np.where(np.isin(ids, present), 0, -np.log(self.chance[ids]))
        padding = self.size - len(ids)  # a fixed size, so that the compiled step is compiled once
        return (np.searchsorted(ids, targets), np.concatenate([ids, np.zeros(padding, np.int64)]),
                np.concatenate([correction, np.full(padding, -1e9)]).astype(np.float32))


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, required=True, help="folder with train.bin and val.bin (see prepare.py)")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=40_000, help="over all resumed runs together")
    p.add_argument("--decay", type=int, default=10_000, help="how many of them, the last, bring the learning rate down")
    p.add_argument("--full", type=int, default=4_000, help="how many of them, the last, with the exact softmax; all on a GPU")
    p.add_argument("--init", type=Path, help="a .safetensors to start from")
    p.add_argument("--n-layer", type=int, default=6)
    p.add_argument("--n-embd", type=int, default=256)
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--lr", type=float, default=3e-3, help="of AdamW, for the embeddings")
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--sample", type=int, default=8192)
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def main():
    a = arguments()
    for name in ("train.bin", "val.bin"):
        if not (a.data / name).is_file():
            sys.exit(f"{a.data / name} is missing. Make it first: tools/demo_model/prepare.py (see README.md).")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if has_bfloat16(device) else torch.float32
    torch.set_float32_matmul_precision("high")
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    train, val = (np.fromfile(a.data / f"{part}.bin", dtype=np.uint16) for part in ("train", "val"))
    sizes = Sizes(n_layer=a.n_layer, n_embd=a.n_embd, n_head=a.n_embd // 64)
    T = sizes.n_ctx

    model = GPT2(sizes)
    if a.init:
        model.load_state_dict(from_hugging_face(load_file(a.init)))
    model.to(device)
    params = dict(model.named_parameters())
    matrices = [p for n, p in params.items() if p.dim() == 2 and n.startswith("h.")]
    optimizers = [
        Muon(matrices, a.muon_lr, dtype),
        torch.optim.AdamW([dict(params=[model.wte.weight, model.wpe.weight], weight_decay=0.02),
                           dict(params=[p for p in params.values() if p.dim() == 1], weight_decay=0.0)],
                          lr=a.lr, betas=(0.9, 0.95), eps=1e-10, fused=True)]
    peaks = [[g["lr"] for g in o.param_groups] for o in optimizers]

    a.out.mkdir(parents=True, exist_ok=True)
    checkpoint = a.out / "checkpoint.pt"
    step, spent = 0, 0.0
    if checkpoint.exists():
        c = torch.load(checkpoint, weights_only=False, map_location=device)
        model.load_state_dict(c["model"])
        for o, s in zip(optimizers, c["optimizers"]):
            o.load_state_dict(s)
        step, spent, rng = c["step"], c["spent"], c["rng"]
        print(f"resumed at step {step}, minute {spent / 60:.1f}", flush=True)

    def save():
        torch.save(dict(model=model.state_dict(), optimizers=[o.state_dict() for o in optimizers], step=step, spent=spent,
                        rng=rng, sizes=vars(sizes)), checkpoint.with_suffix(".tmp"))
        os.replace(checkpoint.with_suffix(".tmp"), checkpoint)

    full_loss = torch.compile(model)
    sampled_loss = torch.compile(model.sampled_loss)
    vocabulary = VocabularySample(train, a.sample, rng)
    cast = lambda: torch.autocast(device, torch.bfloat16, enabled=dtype == torch.bfloat16)
    to = lambda x: torch.from_numpy(x).to(device)

    def crops(data, starts):
        x = np.stack([data[s : s + T + 1] for s in starts]).astype(np.int64)
        return np.ascontiguousarray(x[:, :-1]), np.ascontiguousarray(x[:, 1:])

    @torch.no_grad()
    def validate(batches):
        stride = (len(val) - T - 1) // (batches * a.batch)
        total = 0.0
        for b in range(batches):
            x, y = crops(val, [(b * a.batch + j) * stride for j in range(a.batch)])
            with cast():
                total += full_loss(to(x), to(y)).item()
        return total / batches

    log = open(a.out / "log.jsonl", "a")
    record = lambda entry: (log.write(json.dumps(entry) + "\n"), log.flush(), print(entry, flush=True))
    average, last, saved = None, time.time(), time.time()
    while step < a.steps:
        factor = min(1, (step + 1) / 150) * (0.03 + 0.97 * min(1, (a.steps - step) / max(1, a.decay)))
        for o, peak in zip(optimizers, peaks):
            for group, lr in zip(o.param_groups, peak):
                group["lr"] = lr * factor
        optimizers[0].param_groups[0]["momentum"] = 0.85 + 0.1 * min(1, step / 300)
        x, y = crops(train, rng.integers(0, len(train) - T - 1, a.batch))
        with cast():
            if step < a.steps - a.full:
                targets, candidates, correction = vocabulary.draw(y)
                loss = sampled_loss(to(x), to(targets), to(candidates), to(correction))
            else:
                loss = full_loss(to(x), to(y))
        loss.backward()
        nn.utils.clip_grad_norm_(params.values(), 1.0)
        for o in optimizers:
            o.step()
            o.zero_grad(set_to_none=True)
        step += 1
        now = time.time()
        spent, last = spent + now - last, now
        if step % 100 == 0:
            value = loss.item()
            if not np.isfinite(value):
                sys.exit("The loss is not a number any more. Start again from the last checkpoint with a lower --muon-lr.")
            average = value if average is None else 0.8 * average + 0.2 * value
            entry = dict(step=step, loss=round(average, 4), lr=round(factor, 4), tokens=step * a.batch * T,
                         tokens_per_second=round(step * a.batch * T / spent), minutes=round(spent / 60, 2))
            if step % 1000 == 0:
                entry["val"] = round(validate(20), 4)
                last = time.time()
            record(entry)
        if now - saved > 300:
            save()
            saved = now
    save()
    record(dict(step=step, final_val=round(validate(40), 4), minutes=round(spent / 60, 2)))


if __name__ == "__main__":
    main()
