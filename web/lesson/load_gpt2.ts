/** The lines of Python that load a model, as `model` and `tokenizer`: what a code.py asks for by `{{load_gpt2}}`. */
export const loadGpt2 = `import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import GPT2Config, GPT2LMHeadModel, GPT2TokenizerFast

folder = "gpt2"  # hoặc một thư mục có config.json và model.safetensors, kể cả mô hình kèm theo trang


def load_gpt2(folder):
    """Mô hình kèm theo trang cất ma trận bằng số nguyên 8 bit, mỗi hàng (hay mỗi cột) một hệ số NAME.scale."""
    file = Path(folder) / "model.safetensors"
    stored = load_file(file) if file.is_file() else {}
    scales = {name.removesuffix(".scale"): stored.pop(name) for name in list(stored) if name.endswith(".scale")}
    if not scales:
        return GPT2LMHeadModel.from_pretrained(folder).eval()
    for name, scale in scales.items():
        stored[name] = stored[name].float() * (scale[:, None] if name in ("wte.weight", "wpe.weight") else scale)
    model = GPT2LMHeadModel(GPT2Config(**json.loads((Path(folder) / "config.json").read_text())))
    model.transformer.load_state_dict(stored)
    return model.eval()


model = load_gpt2(folder).requires_grad_(False)  # trọng số đứng yên
tokenizer = GPT2TokenizerFast.from_pretrained("gpt2")
`
