"""Compares each lesson's code.py with its experiment. Run by `tools/oracles/lessons`.

Both start from the same values, on the demo model. The Python is run in float64, and seven times in float32, six times with
the model's weights moved by a unit in the last place: how far these lie from the first says what rounding alone does to a
figure. Soi may lie as far from the float64 run as four times the farthest of them, and 1e-6 of the figure: sums in another
order round otherwise, no more than that. (Of errors normally distributed, one in 3,500 lies farther than four times the farthest
of seven others; of three others, one in 90 does, too many for the 87 figures that are compared.) A mean over positions, whose
errors go one way, is judged by the worst position's error. A share of a count of things that are on or off may differ by two things.
"""

import contextlib
import hashlib
import io
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
import transformers
from r50k_base import ROOT, Tokenizer

DEMO = ROOT / "web/public/models/demo"
RECORD = ROOT / "tests/golden/lesson_code.json"

# Figure of the experiment: the same of code.py's variables; for a share, also of how many things; for a mean, what it is of.
LESSONS = {
    "01-sae-mo-phong": dict(
        experiment="sae-simulation",
        variants=[dict(), dict(tied="true", activation="gelu"), dict(protocol="document"), dict(protocol="notebook")],
        settings=dict(epochs=80, n_samples=600, n_seeds=1, n_grid_seeds=0),
        figures={
            "mse.first": ("trace[0][0]",), "mse.last": ("trace[-2][0]",), "l1.last": ("trace[-2][1]",),
            "best_r.sine": ("trained_r[0]",), "best_r.step": ("trained_r[1]",), "density": ("density", "n * n_latents"),
        },
    ),
    "02-sae-palinka": dict(
        experiment="sae-palinka",
        variants=[dict(), dict(protocol="notebook"), dict(tied="false", l1_weight=0.1)],
        settings=dict(epochs=20, n_latents=256, n_untrained=1, n_permutations=2, variants="false"),
        figures={
            "explained_variance": ("found['đã huấn luyện']['phương sai giữ được']",),
            "held_out.explained_variance": ("found['đã huấn luyện']['phương sai giữ được, đoạn để riêng']",),
            "score.best": ("found['đã huấn luyện']['điểm cao nhất']",),
            "density.grid": ("found['đã huấn luyện']['lưới khác 0']", "len(x) * n_latents"),
            "silent": ("found['đã huấn luyện']['đơn vị im lặng']", "n_latents"),
            "top.test_words": ("found['đã huấn luyện']['sáng ở từ kiểm tra']", "len(test) * {{n_top}}"),
        },
    ),
    "03-cuc-dai-hoa-kich-hoat": dict(
        experiment="activation-maximization",
        variants=[dict(), dict(protocol="notebook", layer=5), dict(protocol="document", readout="last", start="tokens")],
        settings=dict(n_steps=40, n_restarts=2, n_null=2, other_reading="false"),
        figures={
            "start": ("trace[0][0].item()",), "end": ("trace[-1][0].item()",), "end.mean": ("trace[-1].mean().item()",),
            "move.mean": ("(end - start).abs().mean().item()",), "move.largest": ("(end - start).abs().max().item()",),
            "cosine.raw": ("nearest(end, False).values.mean().item()",),
            "cosine.centred": ("nearest(end, True).values.mean().item()",),
        },
    ),
    "04-ged-him-her": dict(
        experiment="ged-him-her",
        variants=[dict(), dict(protocol="notebook"), dict(hook="after_gelu", centring="grand")],
        settings=dict(n_permutations=2, n_layer_permutations=2, sweep="false"),
        figures={
            "pcs_kept": ("fit(him, her)[0]",), "top_eigenvalue.a_over_b": ("fit(him, her)[1]",),
            "train_ratio.a_over_b": ("fit(him, her)[2]",), "top_eigenvalue.b_over_a": ("fit(her, him)[1]",),
            "train_ratio.b_over_a": ("fit(her, him)[2]",),
        },
    ),
    "05-loai-bo-khong-gian-con": dict(
        experiment="subspace-removal",
        variants=[dict(), dict(protocol="notebook"), dict(hook="after_gelu", rank=3)],
        settings=dict(n_random=1, n_permutations=20),
        figures={
            "layers.effect": ("[row[0].mean() for row in measured]", "", "torch.stack([row[0] for row in measured])"),
            "layers.t": (
                "[row[1] for row in measured]", "",
                "torch.stack([row[0] / row[0].std() * len(row[0]) ** 0.5 for row in measured])",
            ),
            "deviation.relative": ("deviation",),
        },
    ),
}


def moved(model, seed):
    """Each weight times 1 - 2^-23, 1 or 1 + 2^-23."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        steps = torch.randint(-1, 2, parameter.shape, generator=generator)
        parameter.data *= 1 + steps.to(parameter.dtype) * 2.0**-23
    return model


def run_code(code, arrays, dtype, move=0):
    """The variables that the page's Python leaves behind."""
    if move:
        code = code.replace("load_gpt2(folder).requires_grad_(False)", f"moved(load_gpt2(folder).requires_grad_(False), {move})")
    for line, stand_in in (
        ('folder = "gpt2"', f"folder = {str(DEMO)!r}"),
        ('GPT2TokenizerFast.from_pretrained("gpt2")', "Tokenizer()"),  # that one would be fetched
        ("start_folder = None", f"start_folder = {str(arrays)!r}"),
    ):
        code = code.replace(line, stand_in)
    torch.set_default_dtype(dtype)
    names = dict(Tokenizer=Tokenizer, moved=moved)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "code.py", "exec"), names)
    return names


def values_of(names, expression, parameters):
    for name, value in parameters.items():
        expression = expression.replace("{{" + name + "}}", str(value))
    value = eval(expression, names)
    return np.atleast_1d(np.array(torch.as_tensor(value).tolist(), dtype=float))


def compare(slug, lesson, variant):
    """Rows: figure, Soi, PyTorch, how far apart, how far they may be."""
    settings = {**lesson["settings"], "keep_initial": "true", **variant}
    protocol = settings.pop("protocol", "corrected")
    if lesson["experiment"] in ("ged-him-her", "subspace-removal"):
        del settings["keep_initial"]
    with tempfile.TemporaryDirectory() as folder:
        command = [ROOT / "tools/soi", "lesson", lesson["experiment"], "--protocol", protocol, "--seed", "3", "--json", "--arrays", folder]
        if lesson["experiment"] != "sae-simulation":
            command += ["--model", "demo"]
        for name, value in settings.items():
            command += ["--set", f"{name}={value}"]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        result = json.loads(out)
        (pathlib.Path(folder) / "result.json").write_bytes(out)
        code = subprocess.run(["node", ROOT / "tools/oracles/lesson_code.mjs", slug, f"{folder}/result.json"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        double = run_code(code, folder, torch.float64)
        singles = [run_code(code, folder, torch.float32, move) for move in range(7)]
    rows = []
    parameters = result["parameters"]
    for figure, (expression, *more) in lesson["figures"].items():
        count, mean_of = [*more, "", ""][:2]
        soi = np.atleast_1d(np.array(result["figures"][figure]["value"], dtype=float))
        b = values_of(double, expression, parameters)

        def rounding(of):
            exact = values_of(double, of, parameters)
            return np.max([np.abs(values_of(names, of, parameters) - exact) for names in singles], axis=0)

        allowed = 4 * (rounding(mean_of).max(axis=1) if mean_of else rounding(expression)) + 1e-6 * np.abs(b)
        if count:
            allowed += 2 / values_of(double, count, parameters)
        distance = np.abs(soi - b)
        worst = int(np.argmax(distance - allowed))
        rows.append((figure, soi[worst], b[worst], distance[worst], allowed[worst]))
    return rows


def main():
    asked = sys.argv[1:] or list(LESSONS)
    unknown = [slug for slug in asked if slug not in LESSONS]
    if unknown:
        sys.exit(f"no such lesson: {', '.join(unknown)}; there are {', '.join(LESSONS)}")
    transformers.utils.logging.set_verbosity_error()
    record, agree = {"model": hashlib.sha256((DEMO / "model.safetensors").read_bytes()).hexdigest()}, True
    for slug in asked:
        lesson = LESSONS[slug]
        for variant in lesson["variants"]:
            print(f"\n{slug}  {' '.join(f'{name}={value}' for name, value in variant.items()) or 'defaults'}")
            print(f"  {'figure':30}{'soi':>16}{'PyTorch':>16}{'apart':>11}{'may be':>11}")
            for figure, soi, torch_value, distance, allowed in compare(slug, lesson, variant):
                fine = distance <= allowed or (math.isinf(soi) and soi == torch_value)
                agree &= fine
                print(f"  {figure:30}{soi:16.9g}{torch_value:16.9g}{distance:11.1e}{allowed:11.1e}{'' if fine else '   DISAGREE'}")
        code = (ROOT / "lessons" / slug / "code.py").read_bytes() + (ROOT / "web/lesson/load_gpt2.ts").read_bytes()
        record[slug] = hashlib.sha256(code).hexdigest()
    if not agree:
        sys.exit("\nThey disagree.")
    if asked == list(LESSONS):
        RECORD.write_text(json.dumps(record, indent=2) + "\n")
        print(f"\nAll agree: written to {RECORD.relative_to(ROOT)}.")


main()
