"""Golden values for core/analysis/activation_maximization: the first steps of gradient ascent on `inputs_embeds` by
PyTorch's autograd and Adam through Hugging Face's GPT-2. Small and committed: tests/golden/analysis/ascent.safetensors.

usage: ascent_golden.py MODEL_DIR OUT_FILE
"""

import sys

import torch
from safetensors.torch import save_file

from load_model import load_model

N_STEPS = 10
N_TOKENS = 5

# name: index of hidden_states (the last one is after ln_f), dimension, readout, lambda, learning rate, position embeddings
CASES = {
    "mean": (2, 5, "mean", 0.01, 0.001, True),
    "last_after_ln_f": (3, 7, "last", 0.0, 0.01, True),
    "without_positions": (1, 30, "mean", 0.5, 0.005, False),
}


def ascend(model, start, hidden, dimension, readout, penalty, learning_rate, positions):
    embeddings = start.clone().requires_grad_()
    optimizer = torch.optim.Adam([embeddings], lr=learning_rate)
    offset = 0 if positions else model.transformer.wpe.weight[:N_TOKENS].detach()
    activations, gradient_norms = [], []
    for step in range(N_STEPS + 1):
        states = model(inputs_embeds=(embeddings - offset)[None], output_hidden_states=True).hidden_states
        column = states[hidden][0, :, dimension]
        activation = column[-1] if readout == "last" else column.mean()
        optimizer.zero_grad()
        (-activation + penalty * (embeddings**2).sum()).backward()
        activations.append(activation.detach())
        gradient_norms.append(embeddings.grad.norm())
        if step < N_STEPS:
            optimizer.step()
    return {"start": start, "end": embeddings.detach(), "activation": torch.stack(activations),
            "gradient_norm": torch.stack(gradient_norms)}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model = load_model(sys.argv[1])
    model.requires_grad_(False)
    deviation = model.transformer.wte.weight.std().item()
    tensors = {}
    for seed, (name, case) in enumerate(CASES.items()):
        generator = torch.Generator().manual_seed(seed)
        start = deviation * torch.randn(N_TOKENS, model.config.n_embd, generator=generator)
        for key, value in ascend(model, start, *case).items():
            tensors[f"{name}.{key}"] = value.contiguous()
    save_file(tensors, sys.argv[2])


if __name__ == "__main__":
    main()
