"""GPT-2 in PyTorch, as small as it can be said, and its form on disk: Hugging Face's names and layout."""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

N_VOCAB = 50257


@dataclass
class Sizes:
    n_layer: int = 6
    n_head: int = 4
    n_embd: int = 256
    n_ctx: int = 256


class Block(nn.Module):
    def __init__(self, s: Sizes, dropout: float):
        super().__init__()
        d = s.n_embd
        self.n_head = s.n_head
        self.dropout = nn.Dropout(dropout)
        self.ln_1, self.ln_2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.c_attn, self.attn_proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.c_fc, self.mlp_proj = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):  # [batch, T, d]
        batch, T, d = x.shape
        q, k, v = (t.view(batch, T, self.n_head, -1).transpose(1, 2) for t in self.c_attn(self.ln_1(x)).split(d, 2))
        z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.dropout(self.attn_proj(z.transpose(1, 2).reshape(batch, T, d)))
        return x + self.dropout(self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh")))


class GPT2(nn.Module):
    """`dropout`: the chance that a number of the embedding, or of what a block adds to the stream, is left out of a training
    step; as in GPT-2, except that attention weights have none."""

    def __init__(self, s: Sizes, dropout: float = 0.0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.wte, self.wpe = nn.Embedding(N_VOCAB, s.n_embd), nn.Embedding(s.n_ctx, s.n_embd)
        self.h = nn.ModuleList(Block(s, dropout) for _ in range(s.n_layer))
        self.ln_f = nn.LayerNorm(s.n_embd)
        for name, p in self.named_parameters():
            if p.dim() == 2:  # GPT-2's: writes into the residual stream are scaled down by its number of terms
                nn.init.normal_(p, std=0.02 / (math.sqrt(2 * s.n_layer) if "proj" in name else 1))
            elif "ln" not in name:
                nn.init.zeros_(p)
        nn.init.normal_(self.wpe.weight, std=0.01)

    def hidden(self, ids):  # [batch, T] -> [batch * T, d]
        x = self.dropout(self.wte(ids) + self.wpe.weight[: ids.shape[1]])
        for block in self.h:
            x = block(x)
        return self.ln_f(x).flatten(0, 1)

    def logits(self, ids):  # [batch, T] -> [batch * T, N_VOCAB]
        # Over a multiple of 64 columns: a GPU is faster so.
        return (self.hidden(ids) @ F.pad(self.wte.weight, (0, 0, 0, -N_VOCAB % 64)).t())[:, :N_VOCAB]

    def forward(self, ids, targets):
        return F.cross_entropy(self.logits(ids).float(), targets.flatten())

    def distillation_loss(self, ids, targets, teachers_logits, weight):
        """Cross-entropy with the text, and with `weight` in its place what the teachers hold likely (the mean of their
        probabilities; Hinton et al. 2015, at temperature 1)."""
        log_p = F.log_softmax(self.logits(ids).float(), 1)
        taught = sum(F.softmax(logits.float(), 1) for logits in teachers_logits) / len(teachers_logits)
        return (1 - weight) * F.nll_loss(log_p, targets.flatten()) - weight * (taught * log_p).sum(1).mean()

    def sampled_loss(self, ids, targets, candidates, correction):
        """Softmax over `candidates` alone; `correction` is -log of each one's chance of being among them (Poisson
        sampling), so that the sum over them estimates the sum over the vocabulary. `targets` index `candidates`."""
        logits = (self.hidden(ids) @ self.wte(candidates).t()).float() + correction
        return F.cross_entropy(logits, targets.flatten())


RENAMES = (("c_attn", "attn.c_attn"), ("attn_proj", "attn.c_proj"), ("c_fc", "mlp.c_fc"), ("mlp_proj", "mlp.c_proj"))


def to_hugging_face(state: dict) -> dict:
    """Names of GPT2LMHeadModel's transformer; Conv1D matrices are [in, out]."""
    out = {}
    for name, value in state.items():
        for ours, theirs in RENAMES:
            name = name.replace(ours, theirs)
        conv1d = value.dim() == 2 and name.startswith("h.")
        out[name] = (value.t() if conv1d else value).float().cpu().contiguous()
    return out


def from_hugging_face(tensors: dict) -> dict:
    """The reverse; int8 matrices with NAME.scale are widened."""
    out = {}
    for name, value in tensors.items():
        if name.endswith(".scale"):
            continue
        conv1d = value.dim() == 2 and name.startswith("h.")
        if value.dtype == torch.int8:
            scale = tensors[name + ".scale"]
            value = value.float() * (scale if conv1d else scale[:, None])
        for ours, theirs in RENAMES:
            name = name.replace(theirs, ours)
        out[name] = (value.t() if conv1d else value).float().contiguous()
    return out
