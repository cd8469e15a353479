"""Writes what PyTorch computes for a GPT-2 checkpoint: the golden values of the parity tests and of tools/oracles/parity.

usage: gpt2_golden.py MODEL_DIR OUT_DIR [--logits-only]

OUT_DIR gets index.json and one CASE.safetensors a case. A case is one sequence, with at most one edit:
  tokens       ids; or, in the file, a tensor `input_embeddings`
  edit         {hook, operation, positions, factor}; what it writes is the tensor `edit.values`
  rounding     of each tensor, the largest difference between this float32 run and the same run in float64
  gradients    {hook, position | "mean", index, tensor}: of that scalar with respect to the input embeddings
The other tensors have the names of the hooks; `logit_lens.L` is the unembedding of ln_final(resid_post of block L).
"""

import argparse
import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file

from hooked_gpt2 import HookedGpt2
from load_model import load_model


class Case:
    """A sequence and what is asked of it."""

    def __init__(self, name, tokens=None, input_embeddings=None, captures=None, edit=None, gradients=(), lens=False):
        self.name = name
        self.tokens = tokens
        self.input_embeddings = input_embeddings
        self.captures = captures  # None: every hook
        self.edit = edit
        self.gradients = gradients
        self.lens = lens


def draw_tokens(config, n_tokens, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, config.vocab_size, (n_tokens,), generator=generator)


def draw_normal(shape, seed):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def gradient_targets(config, n_tokens):
    """Scalars of every hook that the reverse pass starts from: first, middle and last block; a position or the mean."""
    d_model, d_mlp = config.n_embd, 4 * config.n_embd
    first, middle, last = 0, config.n_layer // 2, config.n_layer - 1
    late, early = n_tokens - 1, n_tokens // 3
    return [
        ("hook_embed", early, 5),
        ("hook_pos_embed", early, 5),
        (f"blocks.{first}.hook_resid_pre", late, 7 % d_model),
        (f"blocks.{middle}.hook_resid_pre", late, d_model - 1),
        (f"blocks.{first}.hook_attn_out", late, 11 % d_model),
        (f"blocks.{last}.hook_attn_out", "mean", 2),
        (f"blocks.{first}.hook_resid_mid", early, 13 % d_model),
        (f"blocks.{last}.hook_resid_mid", late, 0),
        (f"blocks.{first}.mlp.hook_pre", late, d_mlp - 1),
        (f"blocks.{last}.mlp.hook_pre", "mean", 17),
        (f"blocks.{middle}.mlp.hook_post", late, 19),
        (f"blocks.{last}.mlp.hook_post", "mean", d_mlp // 2),
        (f"blocks.{middle}.hook_mlp_out", early, 3),
        (f"blocks.{last}.hook_mlp_out", "mean", 1),
        (f"blocks.{first}.hook_resid_post", "mean", d_model // 2),
        (f"blocks.{last}.hook_resid_post", late, 23 % d_model),
        ("ln_final.hook_normalized", late, 4),
        ("ln_final.hook_normalized", "mean", 29 % d_model),
    ]


def edit_list(config, n_tokens):
    """One write at every hook point; all operations, with and without a mask of positions, and values of each form
    (one number, one row, one row a position, one row a head and position)."""
    layer = config.n_layer // 2
    block = f"blocks.{layer}."
    some = [1, n_tokens - 2]
    heads = (config.n_head, config.n_embd // config.n_head)
    d_model, d_mlp = (config.n_embd,), (4 * config.n_embd,)

    def edit(hook, operation, positions=None, factor=None, values=None):
        return {"hook": hook, "operation": operation, "positions": positions, "factor": factor, "values": values}

    return [
        edit("hook_embed", "add", values=draw_normal(d_model, 101)),
        edit("hook_pos_embed", "scale", some, factor=-0.5),
        edit(block + "hook_resid_pre", "add", some, values=draw_normal((len(some), *d_model), 102)),
        edit(block + "ln1.hook_scale", "scale", some, factor=2.0),
        edit(block + "ln1.hook_normalized", "mean"),
        edit(block + "attn.hook_q", "scale", factor=1.5),
        edit(block + "attn.hook_k", "zero", some),
        edit(block + "attn.hook_v", "set", some, values=draw_normal((len(some), *heads), 103)),
        edit(block + "attn.hook_attn_scores", "add", values=draw_normal((n_tokens,), 106)),
        edit(block + "attn.hook_pattern", "set", some, values=draw_normal((heads[0], len(some), n_tokens), 107)),
        edit(block + "attn.hook_z", "set", some, values=draw_normal(heads, 104)),
        edit(block + "hook_attn_out", "zero"),
        edit(block + "hook_resid_mid", "scale", some, factor=-1.25),
        edit(block + "ln2.hook_scale", "set", some, values=torch.tensor([0.75])),
        edit(block + "ln2.hook_normalized", "zero", some),
        edit(block + "mlp.hook_pre", "set", some, values=draw_normal((len(some), *d_mlp), 105)),
        edit(block + "mlp.hook_post", "scale", some, factor=-1.5),
        edit(block + "hook_mlp_out", "mean", [0, *some]),
        edit(block + "hook_resid_post", "zero", some),
        edit("ln_final.hook_scale", "scale", factor=0.5),
        edit("ln_final.hook_normalized", "add", values=torch.tensor([0.25])),
        edit("logits", "scale", some, factor=2.0),
    ]


def make_cases(config):
    """Ragged lengths, one token among them; an input of embeddings; the longest that is affordable; one edit each."""
    n_long, n_short, n_longest = (11, 5, config.n_positions) if config.n_positions <= 64 else (96, 23, 256)
    last_block = f"blocks.{config.n_layer - 1}.hook_resid_post"
    short = draw_tokens(config, n_short, 2)
    # Embeddings beside those of any token, of the size of a wte row.
    embeddings = draw_normal((4, config.n_embd), 4) * (4.0 / config.n_embd**0.5)
    cases = [
        Case("sentence", draw_tokens(config, n_long, 1), gradients=gradient_targets(config, n_long)),
        Case("short", short, lens=True),
        Case("single", draw_tokens(config, 1, 3), gradients=gradient_targets(config, 1)[-3:]),
        Case("embeddings", input_embeddings=embeddings, gradients=gradient_targets(config, 4)[-4:]),
        Case("longest", draw_tokens(config, n_longest, 5), captures=[last_block, "ln_final.hook_normalized"]),
    ]
    for edit in edit_list(config, n_short):
        captures = list(dict.fromkeys([edit["hook"], last_block, "logits"]))
        cases.append(Case("edit-" + edit["hook"], short, captures=captures, edit=edit))
    return cases


def edit_function(edit, dtype):
    """The edit as HookedGpt2 takes it. Rows are those of the activation's leading dimension; of attn_scores and
    pattern [head, query, key], those of the query."""
    values = None if edit["values"] is None else edit["values"].to(dtype)

    def apply(activation):
        axis = 1 if edit["hook"].endswith(("attn_scores", "pattern")) else 0
        positions = torch.arange(activation.shape[axis]) if edit["positions"] is None else torch.tensor(edit["positions"])
        rows = activation.index_select(axis, positions)
        rows = {
            "zero": lambda: torch.zeros_like(rows),
            "scale": lambda: rows * edit["factor"],
            "mean": lambda: rows.mean(axis, keepdim=True).expand_as(rows),
            "set": lambda: values.expand_as(rows),
            "add": lambda: rows + values,
        }[edit["operation"]]()
        return activation.index_copy(axis, positions, rows)

    return apply


def run_case(hooked, case):
    """All tensors of a case, in the model's precision."""
    dtype = hooked.model.dtype
    edits = {case.edit["hook"]: edit_function(case.edit, dtype)} if case.edit else None
    with torch.no_grad():
        embeddings = None if case.input_embeddings is None else case.input_embeddings.to(dtype)
        activations = hooked.run(case.tokens, embeddings, edits)
        names = activations if case.captures is None else case.captures
        tensors = {name: activations[name].clone() for name in names}
        if case.lens:
            for layer in range(hooked.model.config.n_layer):
                residual = activations[f"blocks.{layer}.hook_resid_post"]
                normalized = hooked.model.transformer.ln_f(residual[None])
                tensors[f"logit_lens.{layer}"] = torch.nn.functional.linear(normalized, hooked.model.lm_head.weight)[0]
    tensors |= run_gradients(hooked, case)
    return tensors


def run_gradients(hooked, case):
    """Gradients of the case's scalars with respect to its input embeddings, [T, d_model] each."""
    if not case.gradients:
        return {}
    embeddings = case.input_embeddings
    if embeddings is None:
        embeddings = hooked.model.transformer.wte.weight[case.tokens]
    embeddings = embeddings.detach().to(hooked.model.dtype).clone().requires_grad_()
    activations = hooked.run(input_embeddings=embeddings)
    gradients = {}
    for number, (hook, position, index) in enumerate(case.gradients):
        column = activations[hook][:, index]
        scalar = column.mean() if position == "mean" else column[position]
        (gradient,) = torch.autograd.grad(scalar, embeddings, retain_graph=True, allow_unused=True, materialize_grads=True)
        gradients[f"gradient.{number}"] = gradient
    return gradients


def rounding(single, double):
    """max |float32 - float64| over the finite entries; which entries are finite must agree."""
    finite = torch.isfinite(double)
    assert torch.equal(torch.isfinite(single), finite)
    difference = (single.double() - double)[finite].abs()
    return float(f"{difference.max().item():.3g}")


def describe(case, single, double):
    """A case's entry of index.json."""
    entry = {"name": case.name, "file": case.name + ".safetensors"}
    if case.tokens is not None:
        entry["tokens"] = case.tokens.tolist()
    if case.edit:
        entry["edit"] = {key: value for key, value in case.edit.items() if key != "values" and value is not None}
    if case.gradients:
        entry["gradients"] = [
            {"hook": hook, "position": position, "index": index, "tensor": f"gradient.{number}"}
            for number, (hook, position, index) in enumerate(case.gradients)
        ]
    entry["rounding"] = {name: rounding(single[name], double[name]) for name in single}
    return entry


def save_case(case, tensors, out_dir):
    tensors = dict(tensors)
    if case.input_embeddings is not None:
        tensors["input_embeddings"] = case.input_embeddings
    if case.edit and case.edit["values"] is not None:
        tensors["edit.values"] = case.edit["values"]
    tensors = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    assert all(tensor.dtype == torch.float32 for tensor in tensors.values())
    save_file(tensors, out_dir / f"{case.name}.safetensors")


def greedy_generation(model, prompt, n_tokens):
    """What generate() continues `prompt` with, and the smallest lead of a chosen token's logit: rounding cannot change
    the choice where this is far above it."""
    with torch.no_grad():
        sequence = model.generate(prompt[None], max_new_tokens=n_tokens, do_sample=False, pad_token_id=0)[0]
        logits = model(sequence[None]).logits[0, len(prompt) - 1 : -1]
    first, second = logits.topk(2).values.unbind(-1)
    return {
        "prompt": prompt.tolist(),
        "tokens": sequence[len(prompt) :].tolist(),
        "smallest_lead": float(f"{(first - second).min().item():.3g}"),
    }


def write_golden(model, cases, out_dir):
    out_dir.mkdir(parents=True, exist_ok=True)
    generation = greedy_generation(model, draw_tokens(model.config, 5, 6), 16)
    hooked = HookedGpt2(model)
    hooked.check_against_stock(cases[0].tokens)
    single = {case.name: run_case(hooked, case) for case in cases}
    model.double()
    entries = []
    for case in cases:
        entries.append(describe(case, single[case.name], run_case(hooked, case)))
        save_case(case, single[case.name], out_dir)
    source = f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, float32 on the CPU"
    index = {"source": source, "generation": generation, "cases": entries}
    (out_dir / "index.json").write_text(json.dumps(index) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model_dir", type=pathlib.Path)
    parser.add_argument("out_dir", type=pathlib.Path)
    parser.add_argument("--logits-only", action="store_true", help="one sentence and its logits")
    arguments = parser.parse_args()
    model = load_model(arguments.model_dir)
    cases = make_cases(model.config)
    if arguments.logits_only:
        cases = [Case("sentence", cases[0].tokens, captures=["logits"])]
    write_golden(model, cases, arguments.out_dir)


if __name__ == "__main__":
    main()
