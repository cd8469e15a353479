"""Trains the demo model. Run by `tools/demo_model/run`; see README.md. Resumes from OUT/checkpoint.pt, with the same numbers
drawn; keeps a copy, OUT/checkpoint_STEP.pt, every `--keep` steps.

OUT/log.jsonl has a line with "start" where a run begins or goes on (its options, versions, what it began from), then one every 50
steps. `loss` is smoothed, over the sampled softmax while that is in use, so lower than the held-out `val` and `final_val`. Of a run
with `--init`, the log begins with that model's own, where the tree has it.

Matrices inside the blocks: Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers"). Embeddings, gains and
biases: AdamW. Learning rate: short warm-up, flat, and over the last `--decay` steps linear to 3 % (Hägele et al. 2024,
"Scaling laws and compute-optimal training beyond fixed training durations"): a run may be prolonged while it is flat, and
decayed from any checkpoint with a copy of the folder. Until `--full` steps before the end the softmax runs over a sample of
the vocabulary (Jean et al. 2015), which on a CPU makes a step about three times faster; the rest is exact. The sampled sum
is unbiased, so its logarithm lies a little low. With `--teacher` it is exact throughout, and `loss` is over the mix of the text and
the teacher's probabilities.
"""

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
from safetensors.torch import load_file

from model import GPT2, N_VOCAB, Sizes, from_hugging_face


HERE = Path(__file__).parent
MAY_CHANGE = ("steps", "decay", "full", "keep", "dropout")  # options, when a run is resumed
SHA256_OF_FILE = ("data", "init", "teacher")  # options that are written down as what the file holds


def has_bfloat16(device):
    """Whether products in bfloat16 have instructions of their own; without them they are a hundred times slower."""
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities()
    return capabilities.get("avx512_bf16", False) or capabilities.get("amx_bf16", False)


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def log_of(model_file):
    """The lines of the log of the site's model, if `model_file` is a copy of it."""
    evaluation, log = HERE / "evaluation.json", HERE / "log.jsonl"
    if not (evaluation.is_file() and json.loads(evaluation.read_text(encoding="utf-8"))["sha256"] == sha256(model_file)):
        return []
    return log.read_text(encoding="utf-8").splitlines()


def lengthened(state, sizes):
    """A model with a shorter context, made longer: positions that it lacks begin as its own, from the 32nd on, over and over."""
    positions = torch.arange(sizes.n_ctx)
    n, start = len(state["wpe.weight"]), 32  # the first ones are marked as a text's beginning
    if n < sizes.n_ctx and n <= start:
        sys.exit(f"--init has a context of {n}, too short to make longer: more than {start} are needed.")
    positions = torch.where(positions < n, positions, start + (positions - start) % (n - start))
    return {**state, "wpe.weight": state["wpe.weight"][positions]}


def orthogonalize(gradients, dtype, steps=5):
    """Newton-Schulz iteration towards the nearest orthogonal matrix, of each of [n, rows, columns]; `dtype` may be as coarse as
    bfloat16."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = gradients.to(dtype)
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        xx = x @ x.mT
        x = a * x + (b * xx + c * xx @ xx) @ x
    return (x.mT if tall else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, dtype, momentum=0.95, weight_decay=0.1):
        self.dtype = dtype
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            by_shape = {}
            for p in group["params"]:
                by_shape.setdefault(p.shape, []).append(p)
            for (rows, columns), ps in by_shape.items():  # alike ones together: many small products keep a GPU waiting
                for p in ps:
                    if "momentum" not in self.state[p]:
                        self.state[p]["momentum"] = torch.zeros_like(p)
                gradients, momenta = [p.grad for p in ps], [self.state[p]["momentum"] for p in ps]
                torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
                update = orthogonalize(torch.stack(torch._foreach_lerp(gradients, momenta, group["momentum"])), self.dtype)
                torch._foreach_mul_(ps, 1 - group["lr"] * group["weight_decay"])
                torch._foreach_add_(ps, list(update), alpha=-group["lr"] * max(1, rows / columns) ** 0.5)


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
        left = 1.0
        present = np.unique(targets)
        if len(present) > self.size * 3 // 4:
            sys.exit(f"{len(present)} different tokens in a batch leave too few of --sample {self.size} for others: "
                     f"raise it to {3 * len(present)}, or lower --batch.")
        keep = self.rng.random(N_VOCAB) < self.chance
        keep[present] = True
        ids = np.flatnonzero(keep)
        if len(ids) > self.size:  # too many: drop some that no target needs
            spare = np.setdiff1d(ids, present)
            n_kept = self.size - len(present)
            ids = np.union1d(present, self.rng.choice(spare, n_kept, replace=False))
            left = n_kept / len(spare)  # which makes the others' chance smaller
        correction = np.where(np.isin(ids, present), 0, -np.log(left * self.chance[ids]))
        padding = self.size - len(ids)  # a fixed size, so that the compiled step is compiled once
        return (np.searchsorted(ids, targets), np.concatenate([ids, np.zeros(padding, np.int64)]),
                np.concatenate([correction, np.full(padding, -1e9)]).astype(np.float32))


def load_teacher(path, n_ctx, data, device):
    """The model of a checkpoint that was trained on the same `data`: another's may have read what is held out here."""
    if not path.is_file():
        sys.exit(f"--teacher {path}: there is no such file.")
    try:
        c = torch.load(path, weights_only=False, map_location="cpu")
        sizes, state, trained_on = Sizes(**c["sizes"]), c["model"], c["options"]["data"]
    except Exception as error:  # whatever pickle makes of a file that is something else
        sys.exit(f"--teacher {path} is not a checkpoint.pt of this program, or is cut short ({type(error).__name__}).")
    if sizes.n_ctx < n_ctx:
        sys.exit(f"--teacher {path} has a context of {sizes.n_ctx}; give --n-ctx {sizes.n_ctx} or less.")
    if trained_on != data:
        sys.exit(f"--teacher {path} was trained on another train.bin. Train it again on this one.")
    teacher = GPT2(sizes)
    teacher.load_state_dict(state)
    return teacher.to(device).eval().requires_grad_(False)


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    p.add_argument("--data", type=Path, required=True, help="folder with train.bin and val.bin (see prepare.py)")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=40_000, help="over all resumed runs together")
    p.add_argument("--decay", type=int, default=10_000, help="how many of them, the last, bring the learning rate down")
    p.add_argument("--full", type=int, default=4_000, help="how many of them, the last, with the exact softmax; all on a GPU, or with a teacher")
    p.add_argument("--init", type=Path, help="a .safetensors to start from; another --seed then, or it sees its first text again")
    p.add_argument("--n-layer", type=int, default=8)
    p.add_argument("--n-embd", type=int, default=256)
    p.add_argument("--n-ctx", type=int, default=256, help="a longer one may be begun from a shorter one by --init")
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--dropout", type=float, default=0.0, help="worth it where a run makes many passes over the corpus: over few, held-out loss falls more slowly")
    p.add_argument("--teacher", type=Path, action="append", default=[],
                   help="a checkpoint.pt of a larger model, to learn its probabilities too (distillation); may be given again")
    p.add_argument("--teacher-weight", type=float, default=0.75, help="of the teachers beside the text's own next tokens")
    p.add_argument("--lr", type=float, default=3e-3, help="of AdamW, for the embeddings")
    p.add_argument("--muon-lr", type=float, default=0.02)
    p.add_argument("--sample", type=int, default=4096)
    p.add_argument("--keep", type=int, default=5_000, help="steps between the checkpoints that are kept")
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def main():
    a = arguments()
    for name in ("train.bin", "val.bin"):
        if not (a.data / name).is_file():
            sys.exit(f"{a.data / name} is missing. Make it first: tools/demo_model/prepare.py (see README.md).")
    if a.init and not a.init.is_file():
        sys.exit(f"--init {a.init}: there is no such file.")
    if a.n_embd % 64:
        sys.exit(f"--n-embd {a.n_embd} is not a multiple of 64, the width of a head.")
    if not 0 <= a.teacher_weight <= 1:
        sys.exit(f"--teacher-weight {a.teacher_weight} is not between 0 and 1.")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    sampled_steps = 0 if device == "cuda" or a.teacher else a.steps - a.full
    dtype = torch.bfloat16 if has_bfloat16(device) else torch.float32
    torch.set_float32_matmul_precision("high")
    torch.manual_seed(a.seed)
    rng = np.random.default_rng(a.seed)
    train, val = (np.fromfile(a.data / f"{part}.bin", dtype=np.uint16) for part in ("train", "val"))
    sizes = Sizes(n_layer=a.n_layer, n_embd=a.n_embd, n_head=a.n_embd // 64, n_ctx=a.n_ctx)
    T = sizes.n_ctx
    for name, ids in (("train", train), ("val", val)):
        if len(ids) < T + 2:
            sys.exit(f"{a.data / name}.bin has {len(ids)} tokens, too few for --n-ctx {T}.")
    data = sha256(a.data / "train.bin")
    teachers = [load_teacher(path, T, data, device) for path in a.teacher]

    model = GPT2(sizes, a.dropout)
    if a.init:
        model.load_state_dict(lengthened(from_hugging_face(load_file(a.init)), sizes))
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
    checkpoint, log_file = a.out / "checkpoint.pt", a.out / "log.jsonl"
    # Files are known by what is in them.
    options = {**vars(a), "data": data, "init": sha256(a.init) if a.init else None, "teacher": [sha256(path) for path in a.teacher],
               "teacher_weight": a.teacher_weight if a.teacher else None}
    del options["out"]
    step, spent, average = 0, 0.0, None
    if checkpoint.exists():
        c = torch.load(checkpoint, weights_only=False, map_location="cpu")
        for name in sorted({*options, *c["options"]} - set(MAY_CHANGE)):
            before, now = c["options"].get(name), options.get(name)
            if now != before:
                of_file = "the file with SHA-256 " if name in SHA256_OF_FILE else ""
                sys.exit(f"{checkpoint} was made with another --{name.replace('_', '-')}: {of_file}{before}, not {now}. Give that "
                         "again, or another folder to work in.")
        if c["step"] >= a.steps:
            print(f"{checkpoint} has its {c['step']} steps already")
            return
        if not log_file.is_file():
            sys.exit(f"{log_file} is missing, the log that {checkpoint} goes on from. Take another folder to work in.")
        model.load_state_dict(c["model"])
        for o, s in zip(optimizers, c["optimizers"]):
            o.load_state_dict(s)
        step, spent, average, rng = c["step"], c["spent"], c["average"], c["rng"]
        torch.set_rng_state(c["torch_rng"])
        if device == "cuda" and c["cuda_rng"] is not None:
            torch.cuda.set_rng_state(c["cuda_rng"])
        # What was done after that checkpoint is done again.
        lines = log_file.read_text(encoding="utf-8").splitlines()[: c["log_lines"]]
        print(f"resumed at step {step}, minute {spent / 60:.1f}", flush=True)
    else:
        lines = log_of(a.init) if a.init else []
    log_file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    log = open(log_file, "a", encoding="utf-8")
    log_lines = len(lines)

    def record(entry):
        nonlocal log_lines
        log.write(json.dumps(entry) + "\n")
        log.flush()
        log_lines += 1
        print(entry, flush=True)

    def save(path=checkpoint):
        if not all(p.isfinite().all() for p in params.values()):
            sys.exit("The weights are not numbers any more. Begin again in another folder, with a lower --muon-lr.")
        torch.save(dict(model=model.state_dict(), optimizers=[o.state_dict() for o in optimizers], step=step, spent=spent,
                        average=average, rng=rng, torch_rng=torch.get_rng_state(),
                        cuda_rng=torch.cuda.get_rng_state() if device == "cuda" else None, log_lines=log_lines,
                        options=options, sizes=vars(sizes)), path.with_suffix(".tmp"))
        os.replace(path.with_suffix(".tmp"), path)

    record(dict(start=step, options=options, torch=torch.__version__, dtype=str(dtype),
                device=torch.cuda.get_device_name() if device == "cuda" else f"{os.cpu_count()} {platform.machine()} cores"))

    to = lambda x: torch.from_numpy(x).to(device)
    exact_loss = torch.compile(model)
    distillation_loss = torch.compile(model.distillation_loss)
    teachers_logits = [torch.compile(teacher.logits) for teacher in teachers]
    sampled_loss = torch.compile(model.sampled_loss)
    vocabulary = VocabularySample(train, a.sample, rng) if step < sampled_steps else None
    train, val = (to(data.astype(np.int32)) for data in (train, val))
    cast = lambda: torch.autocast(device, torch.bfloat16, enabled=dtype == torch.bfloat16)

    def crops(data, starts):
        x = data[(to(starts)[:, None] + torch.arange(T + 1, device=device))].long()
        return x[:, :-1].contiguous(), x[:, 1:].contiguous()

    @torch.no_grad()
    def validate(batches):
        """Held-out loss over so many batches, or over as many as it takes to go through val.bin once."""
        batches = min(batches, 1 + len(val) // (a.batch * T))
        stride = (len(val) - T - 1) // (batches * a.batch)
        model.eval()
        total = 0.0
        for b in range(batches):
            with cast():
                total += model(*crops(val, (b * a.batch + np.arange(a.batch)) * stride)).item()
        model.train()
        return total / batches

    last = saved = time.time()
    while step < a.steps:
        factor = min(1, (step + 1) / 150) * (0.03 + 0.97 * min(1, (a.steps - step) / max(1, a.decay)))
        for o, peak in zip(optimizers, peaks):
            for group, lr in zip(o.param_groups, peak):
                group["lr"] = lr * factor
        optimizers[0].param_groups[0]["momentum"] = 0.85 + 0.1 * min(1, step / 300)
        x, y = crops(train, rng.integers(0, len(train) - T - 1, a.batch))
        with cast():
            if step < sampled_steps:
                loss = sampled_loss(x, *map(to, vocabulary.draw(y.numpy())))
            elif teachers:
                with torch.no_grad():
                    taught = [logits_of(x) for logits_of in teachers_logits]
                loss = distillation_loss(x, y, taught, a.teacher_weight)
            else:
                loss = exact_loss(x, y)
        loss.backward()
        nn.utils.clip_grad_norm_(params.values(), 1.0)
        for o in optimizers:
            o.step()
            o.zero_grad(set_to_none=True)
        step += 1
        now = time.time()
        spent, last = spent + now - last, now
        if step % 50 == 0:
            value = loss.item()
            average = value if average is None else 0.8 * average + 0.2 * value
            entry = dict(step=step, loss=round(average, 4), lr=round(factor, 4), tokens=step * a.batch * T,
                         tokens_per_second=round(step * a.batch * T / spent), minutes=round(spent / 60, 2))
            if step % 500 == 0:
                entry["val"] = round(validate(20), 4)
                last = time.time()
            record(entry)
        if step % a.keep == 0 and step < a.steps:
            save(a.out / f"checkpoint_{step}.pt")
        if now - saved > 60 and step < a.steps:  # the last one is saved with its held-out loss
            save()
            saved = now
    record(dict(step=step, tokens=step * a.batch * T, final_val=round(validate(40), 4), minutes=round(spent / 60, 2)))
    save()


if __name__ == "__main__":
    main()
