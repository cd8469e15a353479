"""The work of lessons_bench in PyTorch, on this machine, under the same names: JSON lines as measure.h writes them.

usage: torch_peer.py [THREADS...]

`small` is the program that a lesson's page shows. The core's experiment has more controls that cannot be left out: of the
72 runs with an edit that subspace-removal makes then, that program makes 24.
"""

import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools/oracles"))
from r50k_base import Tokenizer  # noqa: E402

N_TOKENS = 220
N_LATENTS = 6144


def milliseconds(body, n_samples, seconds):
    samples = []
    begin = time.perf_counter()
    while len(samples) < n_samples or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        body()
        samples.append(1e3 * (time.perf_counter() - start))
    return samples


def report(name, samples, unit):
    samples = sorted(samples)
    median = (samples[(len(samples) - 1) // 2] + samples[len(samples) // 2]) / 2
    line = {"name": name, "median": median, "min": samples[0], "max": samples[-1], "n": len(samples), "unit": unit}
    line |= {"threads": torch.get_num_threads(), "build": f"torch-{torch.__version__}", "where": "native"}
    print(json.dumps(line), flush=True)


def train_simulation(x, n_epochs=600):
    """Two channels, 20 ReLU latents, L1 and mean squared off-diagonal covariance, decoder columns of length 1."""
    encoder, decoder = torch.nn.Linear(2, 20), torch.nn.Linear(20, 2)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.007)
    off_diagonal = ~torch.eye(20, dtype=torch.bool)
    for _ in range(n_epochs):
        optimizer.zero_grad()
        z = torch.relu(encoder(x))
        loss = (decoder(z) - x).square().mean() + 0.1 * z.abs().mean()
        loss = loss + torch.cov(z.T)[off_diagonal].square().mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            decoder.weight /= decoder.weight.norm(dim=0)


class Palinka:
    """Tied weights, ReLU, the top k latents of each token kept."""

    def __init__(self, width, top_k):
        self.top_k = top_k
        self.weight = torch.nn.Parameter(torch.randn(N_LATENTS, width) / width**0.5)
        self.biases = [torch.nn.Parameter(torch.zeros(n)) for n in (N_LATENTS, width)]
        self.optimizer = torch.optim.Adam([self.weight, *self.biases], lr=1e-4)

    def step(self, x):
        self.optimizer.zero_grad()
        z = torch.relu(x @ self.weight.T + self.biases[0])
        lowest_kept = z.topk(self.top_k, dim=1).values[:, -1:]
        z = torch.where(z >= lowest_kept, z, 0)
        (z @ self.weight + self.biases[1] - x).square().mean().backward()
        self.optimizer.step()


def bench_palinka(name, width, top_k, whole):
    x = torch.randn(N_TOKENS, width)
    network = Palinka(width, top_k)
    network.step(x)
    report(f"lesson.sae_palinka.{name}.epoch", milliseconds(lambda: network.step(x), 5, 2), "ms")
    if not whole:
        return

    def train():
        fresh = Palinka(width, top_k)
        for _ in range(100):
            fresh.step(x)

    report(f"lesson.sae_palinka.{name}.100_epochs", milliseconds(train, 1, 0), "ms")


def bench_ascent(model, n_starts, n_steps=20):
    """As the course writes it: the whole model runs, all hidden states are kept, one of them is read."""
    embeddings = torch.randn(n_starts, 5, 768, requires_grad=True)
    optimizer = torch.optim.Adam([embeddings], lr=0.001)

    def climb():
        for _ in range(n_steps):
            optimizer.zero_grad()
            hidden = model(inputs_embeds=embeddings, output_hidden_states=True).hidden_states[4]
            loss = 0.01 * embeddings.square().sum() - hidden[..., 90].mean(dim=1).sum()
            loss.backward()
            optimizer.step()

    samples = [sample / n_steps for sample in milliseconds(climb, 3, 2)]
    report(f"lesson.ascent.step.{n_starts}_start{'' if n_starts == 1 else 's'}", samples, "ms")


def page_code(slug, name, settings):
    """The program that the lesson's page shows, to run on a `model` and a `tokenizer` that are there already."""
    command = [ROOT / "tools/soi", "lesson", name, "--model", "demo", "--json"]
    for setting in settings:
        command += ["--set", setting]
    with tempfile.TemporaryDirectory() as folder:
        result = pathlib.Path(folder) / "result.json"
        result.write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        lesson_code = ["node", ROOT / "tools/oracles/lesson_code.mjs", slug, result]
        code = subprocess.run(lesson_code, check=True, stdout=subprocess.PIPE, text=True).stdout
    own = [line for line in code.splitlines() if not line.startswith(("model = load_gpt2", "tokenizer = GPT2"))]
    if len(own) != len(code.splitlines()) - 2:
        sys.exit(f"lessons/{slug}/code.py no longer loads its model and tokenizer in the two lines that are left out here")
    return compile("\n".join(own), slug, "exec")


def bench_page_code(name, code, model):
    def run():
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, {"model": model, "tokenizer": Tokenizer()})

    report(f"lesson.{name}.small", [sample / 1e3 for sample in milliseconds(run, 1, 0)], "s")


def main(threads):
    torch.manual_seed(1)
    ged = page_code("04-ged-him-her", "ged-him-her", ["sweep=false"])
    removal = page_code("05-loai-bo-khong-gian-con", "subspace-removal", ["n_random=1", "n_permutations=1"])
    model = GPT2LMHeadModel(GPT2Config()).eval().requires_grad_(False)
    for n_threads in threads:
        torch.set_num_threads(n_threads)
        x = torch.randn(3000, 2)
        report("lesson.sae_simulation.training", milliseconds(lambda: train_simulation(x), 3, 1), "ms")
        bench_palinka("dense_768", 768, N_LATENTS // 2, True)
        bench_palinka("sparse_768", 768, 32, True)
        bench_palinka("dense_3072", 3072, N_LATENTS // 2, False)
        bench_palinka("sparse_3072", 3072, 32, False)
        bench_ascent(model, 1)
        bench_ascent(model, 4)
    bench_page_code("ged-him-her", ged, model)
    bench_page_code("subspace-removal", removal, model)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [torch.get_num_threads()])
