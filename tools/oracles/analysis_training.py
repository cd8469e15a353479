"""Golden values for core/analysis: the first steps of sparse autoencoders and of Adam by PyTorch's autograd, tails of
Student's t by mpmath, matchings by SciPy. Small and committed: tests/golden/analysis/training.safetensors, statistics.json.

usage: analysis_training.py OUT_DIR
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from scipy import special
from scipy.optimize import linear_sum_assignment

N_STEPS = 10

# name: samples, inputs, latents, tied, biases, activation, top_k, l1, decorrelation, learning rate
AUTOENCODERS = {
    "untied_gelu": (40, 2, 8, False, True, "gelu", 0, 1.0, 0.0, 0.0007),
    "untied_relu_decorrelated": (40, 3, 8, False, True, "relu", 0, 0.1, 1.0, 0.007),
    "tied_top_k": (6, 40, 64, True, False, "relu", 5, 1.0, 0.0005, 0.0001),
    "linear": (12, 5, 7, False, False, "linear", 0, 0.0, 0.5, 0.01),
}


def autoencoder_loss(x, w, activation, top_k, l1, decorrelation):
    pre = x @ w["encoder"].t() + w.get("encoder_bias", 0)
    z = {"gelu": F.gelu, "relu": F.relu, "linear": lambda v: v}[activation](pre)
    if top_k:
        z = torch.where(z >= z.topk(top_k, dim=1).values[:, -1:], z, 0.0)
    decoder = w.get("decoder", w["encoder"])  # rows belong to latents
    reconstruction = z @ decoder + w.get("decoder_bias", 0)
    c = torch.cov(z.t())
    off = c - torch.diag(torch.diag(c))
    parts = ((reconstruction - x) ** 2).mean(), z.abs().mean(), (off**2).sum()
    return parts[0] + l1 * parts[1] + decorrelation * parts[2], parts


def run_autoencoder(name, tensors, meta):
    n, d, m, tied, biases, activation, top_k, l1, decorrelation, lr = AUTOENCODERS[name]
    g = torch.Generator().manual_seed(1)
    uniform = lambda *shape, bound: ((2 * torch.rand(*shape, generator=g) - 1) * bound)
    x = torch.randn(n, d, generator=g)
    w = {"encoder": uniform(m, d, bound=d**-0.5)}
    if biases:
        w["encoder_bias"], w["decoder_bias"] = uniform(m, bound=d**-0.5), uniform(d, bound=m**-0.5)
    if not tied:
        w["decoder"] = uniform(m, d, bound=m**-0.5)
    tensors[f"{name}.x"] = x
    for k, v in w.items():
        tensors[f"{name}.initial.{k}"] = v.clone()
        v.requires_grad_()
    optimizer = torch.optim.Adam(w.values(), lr=lr)
    losses = []
    for step in range(N_STEPS):
        optimizer.zero_grad()
        total, parts = autoencoder_loss(x, w, activation, top_k, l1, decorrelation)
        total.backward()
        if step == 0:
            for k, v in w.items():
                tensors[f"{name}.gradient.{k}"] = v.grad.clone()
        losses.append([p.item() for p in parts])
        optimizer.step()
    for k, v in w.items():
        tensors[f"{name}.final.{k}"] = v.detach().clone()
    meta[name] = dict(tied=tied, biases=biases, activation=activation, top_k=top_k, l1=l1, decorrelation=decorrelation,
                      learning_rate=lr, losses=losses)


def student_tails():
    import mpmath

    mpmath.mp.dps = 60
    rows = []
    for df in (1, 2, 5, 53, 219, 10000):
        for t in (0.01, 0.5, 1.0, 1.96, 5.0, 30.0, 300.0):
            x = mpmath.mpf(df) / (df + mpmath.mpf(t) ** 2)
            p = mpmath.betainc(mpmath.mpf(df) / 2, mpmath.mpf(1) / 2, 0, x, regularized=True)
            rows.append([df, t, float(mpmath.log(p))])
    return rows


def matchings():
    rng = np.random.default_rng(1)
    cases = []
    for p, q in ((1, 1), (3, 2), (5, 5), (20, 2), (9, 6)):
        scores = rng.random((p, q)).round(3)
        rows, columns = linear_sum_assignment(scores.T, maximize=True)
        cases.append(dict(scores=scores.tolist(), sum=float(scores[columns, rows].sum())))
    return cases


def largest_cosines():
    """E[max] of n cosines of isotropic vectors in d dimensions, by quadrature over the beta distribution of (1 + c) / 2."""
    rows = []
    for n, d in ((1, 8), (10, 3), (1000, 64), (50257, 256), (50257, 768)):
        c = np.linspace(-1, 1, 2_000_001)
        F_c = special.betainc((d - 1) / 2, (d - 1) / 2, (1 + c) / 2)
        rows.append([n, d, float(np.trapezoid(1 - F_c**n, c) - 1)])
    return rows


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    tensors, meta = {}, {}
    for name in AUTOENCODERS:
        run_autoencoder(name, tensors, meta)
    save_file({k: v.detach().contiguous() for k, v in tensors.items()}, out / "training.safetensors")
    (out / "statistics.json").write_text(json.dumps(dict(autoencoders=meta, student_tails=student_tails(),
                                                         matchings=matchings(), largest_cosines=largest_cosines())) + "\n")


if __name__ == "__main__":
    main()
