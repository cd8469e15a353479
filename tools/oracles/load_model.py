"""Loads a GPT-2 folder into Hugging Face's GPT2LMHeadModel, in float32."""

import json
import pathlib

import torch
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.utils import logging

logging.disable_progress_bar()
logging.set_verbosity_error()


def dequantize(tensors):
    """int8 matrices with NAME.scale beside them to float32. A scale belongs to a row of wte and wpe, to a column (an
    output) of the others; value = int8 * scale, rounded once."""
    weights = {}
    for name, tensor in tensors.items():
        if name.endswith(".scale"):
            continue
        if tensor.dtype == torch.int8:
            scale = tensors[name + ".scale"]
            tensor = tensor.float() * (scale[:, None] if name.endswith(("wte.weight", "wpe.weight")) else scale[None, :])
        weights[name] = tensor
    return weights


def read_config(folder, tensors):
    """Of config.json; without one, as Soi infers it from the tensors' shapes."""
    path = folder / "config.json"
    if path.exists():
        return GPT2Config(**json.loads(path.read_text()))
    shapes = {name.removeprefix("transformer."): tensor.shape for name, tensor in tensors.items()}
    vocab_size, n_embd = shapes["wte.weight"]
    n_layer = sum(name.endswith(".ln_1.weight") for name in shapes)
    n_positions = shapes["wpe.weight"][0]
    return GPT2Config(vocab_size=vocab_size, n_embd=n_embd, n_layer=n_layer, n_positions=n_positions, n_head=n_embd // 64)


def load_model(folder):
    """The model of `folder`, which holds model.safetensors and, it may be, config.json; eval mode. Transformers reads the
    file, whatever its layout and float format, unless it is quantized."""
    folder = pathlib.Path(folder)
    tensors = load_file(folder / "model.safetensors")
    config = read_config(folder, tensors)
    if not any(tensor.dtype == torch.int8 for tensor in tensors.values()):
        return GPT2LMHeadModel.from_pretrained(folder, config=config, dtype=torch.float32).eval()
    model = GPT2LMHeadModel(config).eval()
    model.transformer.load_state_dict(dequantize(tensors), strict=True)
    return model
