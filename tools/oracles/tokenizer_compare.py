"""Compares `soi tokens` with tiktoken's r50k_base on strings that are not committed.

    python tools/oracles/tokenizer_compare.py --n 200000 --seed 1
    python tools/oracles/tokenizer_compare.py --every-code-point

The second puts every Unicode character beside letters, numbers, spaces, punctuation and itself. Prints each difference
(the first ten) and their number; exit status 1 if there is any. Needs tiktoken (PyPI), `npm ci` and the `soi` command.
"""

import argparse
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import r50k_base
from tokenizer_strings import random_string

BATCH = 50_000
SHOWN = 10


def random_strings(n, seed):
    rng = random.Random(seed)
    tokens = list(r50k_base.mergeable_ranks())
    for _ in range(n):
        # One in a thousand holds runs of thousands.
        yield random_string(rng, tokens, longest_run=5000 if rng.random() < 0.001 else 20)


def every_code_point():
    for code_point in range(sys.maxunicode + 1):
        if not 0xD800 <= code_point < 0xE000:
            c = chr(code_point)
            yield f"{c}a{c}1{c}.{c} {c}{c} a{c}{c}\u00a0{c}\n \n{c}'s{c} {c}"


def soi_ids(command, texts, folder):
    """The ids of each text, by one call of `soi tokens`."""
    lines = pathlib.Path(folder, "texts.jsonl")
    lines.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="ascii")
    done = subprocess.run([*command, "tokens", "--lines", str(lines), "--json"], stdout=subprocess.PIPE, check=True)
    ids = [json.loads(line) for line in done.stdout.splitlines()]
    if len(ids) != len(texts):
        raise SystemExit(f"{len(texts)} strings went in, {len(ids)} came out")
    return ids


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=20_000, help="random strings (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every-code-point", action="store_true", help="these instead of random strings")
    parser.add_argument("--soi", nargs="+", default=[str(r50k_base.ROOT / "tools/soi")], help="the command to test")
    arguments = parser.parse_args()

    encoding = r50k_base.encoding()
    texts = every_code_point() if arguments.every_code_point else random_strings(arguments.n, arguments.seed)
    compared = different = 0
    with tempfile.TemporaryDirectory() as folder:
        while batch := list(itertools.islice(texts, BATCH)):
            for text, ids in zip(batch, soi_ids(arguments.soi, batch, folder), strict=True):
                expected = encoding.encode_ordinary(text)
                compared += 1
                if ids != expected:
                    different += 1
                    if different <= SHOWN:
                        print(f"{json.dumps(text)}\n  tiktoken {expected}\n  soi      {ids}")
    print(f"{compared} strings compared with tiktoken, {different} differ")
    raise SystemExit(1 if different else 0)


if __name__ == "__main__":
    main()
