"""Writes tests/golden/tokenizer/: hard strings with tiktoken's ids, a JSON object a line.

    python tools/oracles/tokenizer_golden.py tests/golden/tokenizer

`r50k_base.jsonl` takes <|endoftext|> as text, `special.jsonl` as the special token. `character_classes.json` holds a
digest of the classes of each 4096 code points. Needs tiktoken (PyPI) and `npm ci`.
"""

import json
import pathlib
import random
import sys

import r50k_base
from tokenizer_classes import CLASSES, class_of_each_code_point
from tokenizer_strings import SPECIAL, fixed_strings, random_fragment, random_string

SEED = 20061
RANDOM_STRINGS = 1000
SPECIAL_STRINGS = 60
BLOCK_SIZE = 4096


def with_special_tokens(rng, tokens):
    """The special token beside, between and inside hard text."""
    for _ in range(SPECIAL_STRINGS):
        parts = [
            rng.choice([rng.choice(SPECIAL), random_fragment(rng, tokens, 5), "  "]) for _ in range(rng.randint(2, 6))
        ]
        yield "".join([*parts, r50k_base.END_OF_TEXT, *reversed(parts)])


def write(path, texts, encode):
    lines = [json.dumps({"text": text, "ids": encode(text)}, separators=(",", ":")) for text in texts]
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
    print(f"{path}: {len(lines)} strings, {path.stat().st_size} bytes")


def fnv1a(values):
    digest = 2166136261
    for value in values:
        digest = (digest ^ value) * 16777619 & 0xFFFFFFFF
    return digest


def write_classes(path):
    classes = [CLASSES.index(name) for _, name in class_of_each_code_point()]
    digests = [fnv1a(classes[begin : begin + BLOCK_SIZE]) for begin in range(0, len(classes), BLOCK_SIZE)]
    path.write_text(json.dumps({"block_size": BLOCK_SIZE, "fnv1a": digests}) + "\n", encoding="ascii", newline="\n")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    encoding = r50k_base.encoding()
    tokens = list(r50k_base.mergeable_ranks())
    rng = random.Random(SEED)
    texts = [*fixed_strings(), *(random_string(rng, tokens) for _ in range(RANDOM_STRINGS))]
    write(folder / "r50k_base.jsonl", texts, encoding.encode_ordinary)
    special = with_special_tokens(rng, tokens)
    write(folder / "special.jsonl", special, lambda text: encoding.encode(text, allowed_special="all"))
    write_classes(folder / "character_classes.json")


if __name__ == "__main__":
    main()
