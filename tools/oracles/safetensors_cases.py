"""Writes tests/golden/safetensors/cases.jsonl: small files, good and bad, with the verdict of the safetensors package.

    python tools/oracles/safetensors_cases.py tests/golden/safetensors

Each line is an object: `name`; the file, as its 8-byte `length` (left out where it is that of the header), its `header`
(code points 0 to 255 stand for bytes) and `zeros`, the number of zero bytes after it; `reference`, whether the package
accepts it; `stricter`, where we refuse what it accepts, the rule of the format's description that says so. The package's
name for the fault is not kept: only the verdict is the format's.
"""

import json
import pathlib
import random
import re
import struct
import sys

from safetensors import SafetensorError, deserialize

SEED = 777
N_RANDOM = 500
DTYPES = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}
FRAGMENTS = [
    "{", "}", "[", "]", ",", ":", '"', "0", "1", "-1", "8", "4294967296", "18446744073709551615", "1e2", "2.0", "null",
    "true", '""', '"F32"', '"shape"', '"dtype"', '"data_offsets"', '"__metadata__"', '"a"', " ", "\n", "\0", "\\u0000",
    "\xff", "\xc3\xa9", "\\ud800", "/**/", "NaN",
]


def entry(dtype="F32", shape=(2,), offsets=(0, 8), more=""):
    return '{"dtype":"%s","shape":%s,"data_offsets":%s%s}' % (dtype, compact(shape), compact(offsets), more)


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def hand_made():
    """(name, header, zeros[, length])"""
    one = '{"a":%s}' % entry()
    yield "one tensor", one, 8
    yield "no tensors", "{}", 0
    yield "no tensors, data", "{}", 8
    yield "empty header", "", 0
    yield "header longer than the file", one, 0, len(one) + 9
    yield "header length beyond the limit", one, 8, 100_000_001
    yield "header length at the limit", one, 8, 100_000_000
    yield "header length of 2^63", one, 8, 2**63
    yield "header length of 2^64 - 1", one, 8, 2**64 - 1
    yield "file ends inside the data", one, 7
    yield "bytes after the data", one, 9
    yield "spaces after the header", one + "  \n\t", 8
    yield "space before the header", " " + one, 8
    yield "NUL after the header", one + "\0", 8
    yield "NUL inside the header", one.replace(":", "\0:", 1), 8
    yield "text after the header", one + "{}", 8
    yield "byte order mark", "\xef\xbb\xbf" + one, 8
    yield "comment", one.replace(":", ":/**/", 1), 8
    yield "trailing comma", one[:-1] + ",}", 8
    yield "null", "null", 0
    yield "array", "[]", 0
    yield "number", "1", 0
    yield "unclosed", one[:-1], 8
    for dtype, bits in DTYPES.items():
        n_bytes = bits // 2
        yield f"{dtype}, 4 numbers", '{"a":%s}' % entry(dtype, [4], [0, n_bytes]), n_bytes
        yield f"{dtype}, a byte too few", '{"a":%s}' % entry(dtype, [4], [0, n_bytes - 1]), n_bytes - 1
        yield f"{dtype}, 3 numbers", '{"a":%s}' % entry(dtype, [3], [0, 3 * bits // 8]), 3 * bits // 8
    for dtype in ("f32", "F8", "C128", "I4", "", "F32 ", "FLOAT"):
        yield f"unknown dtype {dtype!r}", '{"a":%s}' % entry(dtype), 8
    yield "scalar", '{"a":%s}' % entry(shape=[], offsets=[0, 4]), 4
    yield "empty tensor", '{"a":%s}' % entry(shape=[3, 0], offsets=[0, 0]), 0
    yield "two empty tensors at one place", '{"b":%s,"a":%s}' % ((entry(shape=[0], offsets=[0, 0]),) * 2), 0
    yield "empty before full", '{"b":%s,"a":%s}' % (entry(), entry(shape=[0], offsets=[0, 0])), 8
    yield "empty inside", '{"b":%s,"a":%s}' % (entry(), entry(shape=[0], offsets=[4, 4])), 8
    yield "empty after", '{"b":%s,"a":%s}' % (entry(), entry(shape=[0], offsets=[8, 8])), 8
    yield "100 dimensions", '{"a":%s}' % entry(shape=[1] * 100, offsets=[0, 4]), 4
    yield "product overflows", '{"a":%s}' % entry(shape=[2**63, 2], offsets=[0, 8]), 8
    yield "product wraps to the size", '{"a":%s}' % entry(shape=[2**32 + 1, 2**32], dtype="U8", offsets=[0, 2**32]), 0
    yield "overflow before a zero", '{"a":%s}' % entry(shape=[2**63, 2**63, 0], offsets=[0, 0]), 0
    yield "large after a zero", '{"a":%s}' % entry(shape=[0, 2**64 - 1, 2**64 - 1], offsets=[0, 0]), 0
    yield "bytes overflow", '{"a":%s}' % entry(shape=[2**62], offsets=[0, 0]), 0
    yield "dimension of 2^64", '{"a":%s}' % entry(shape=[2**64], offsets=[0, 8]), 8
    for number in ("2.0", "2e0", "-2", "-0", '"2"', "null", "[2]", "02", "+2", "0x2", "true", "2,-1", "2,-0",
                   "2,1.0", "2,null", "2,true", '2,"1"', "2,[]", "2,{}"):
        yield f"dimension {number}", '{"a":%s}' % entry().replace("[2]", f"[{number}]"), 8
    for offsets in ("[]", "[0]", "[0,8,8]", "[0,8.0]", "[0,-8]", "[[0,8]]", "8", "null", '{"0":0}', "[8,0]", "[4,12]",
                    "[0,18446744073709551615]", "[1,8]", "[0,9]"):
        yield f"data_offsets {offsets}", '{"a":%s}' % entry().replace("[0,8]", offsets), 8
    for name in ("dtype", "shape", "data_offsets"):
        without = re.sub(r'"%s":("F32"|\[.*?\]),?' % name, "", entry()).replace(",}", "}")
        yield f"no {name}", '{"a":%s}' % without, 8
        yield f"{name} twice", '{"a":%s}' % re.sub(r'("%s":(?:"F32"|\[.*?\]))' % name, r"\1,\1", entry()), 8
    for value in ("1", '"x"', "null", "[]", "{}", '["F32",[2],[0,8]]'):
        yield f"entry {value}", '{"a":%s}' % value, 8
    yield "dtype as an object", '{"a":%s}' % entry().replace('"F32"', '{"F32":null}'), 8
    for value in ("1", '"x"', "null", "[1,[2,{}]]", '{"dtype":"F32","shape":[9]}', "1e999", "-5", "1" * 40, "NaN"):
        yield f"unknown key of {value[:12]}", '{"a":%s}' % entry(more=',"more":' + value), 8
    yield "unknown key first", '{"a":%s}' % entry().replace("{", '{"more":{"a":[]},', 1), 8
    for depth in (100, 125, 126, 127, 400):
        yield f"nested {depth} deep", '{"a":%s}' % entry(more=',"more":' + "[" * depth + "]" * depth), 8
        yield f"objects {depth} deep", '{"a":%s}' % entry(more=',"more":' + '{"a":' * depth + "1" + "}" * depth), 8
    for value in ("{}", '{"format":"pt"}', '{"a":"\\u00e9\\n"}', "null", "1", "[]", '"x"', '{"a":1}', '{"a":null}',
                  '{"a":["b"]}', '{"a":{}}', '{"a":"b","a":"c"}'):
        yield f"metadata {value}", '{"__metadata__":%s,"a":%s}' % (value, entry()), 8
        yield f"metadata {value} last", '{"a":%s,"__metadata__":%s}' % (entry(), value), 8
    yield "metadata twice", '{"__metadata__":{},"__metadata__":{}}', 0
    yield "metadata inside an entry", '{"a":%s}' % entry(more=',"__metadata__":{"x":1}'), 8
    yield "tensor twice", '{"a":%s,"a":%s}' % (entry(), entry()), 8
    yield "tensor twice, differing", '{"a":%s,"a":%s}' % (entry(offsets=[8, 16]), entry()), 8
    yield "escaped name", '{"\\u0061":%s}' % entry(), 8
    yield "same name, escaped", '{"\\u0061":%s,"a":%s}' % (entry(), entry()), 8
    yield "empty name", '{"":%s}' % entry(), 8
    yield "name not ASCII", '{"\xc3\xa9":%s}' % entry(), 8
    yield "name not UTF-8", '{"\xe9":%s}' % entry(), 8
    yield "overlong UTF-8", '{"\xc0\xaf":%s}' % entry(), 8
    yield "surrogate in UTF-8", '{"\xed\xa0\x80":%s}' % entry(), 8
    yield "beyond Unicode", '{"\xf4\x90\x80\x80":%s}' % entry(), 8
    yield "lone surrogate", '{"\\ud800":%s}' % entry(), 8
    yield "surrogate pair", '{"\\ud83d\\ude00":%s}' % entry(), 8
    yield "control character in a name", '{"\n":%s}' % entry(), 8
    yield "DEL in a name", '{"\x7f":%s}' % entry(), 8
    yield "bad escape", '{"\\x61":%s}' % entry(), 8
    two = '{"%s":%s,"%s":%s}'
    yield "in order", two % ("a", entry(), "b", entry(offsets=[8, 16])), 16
    yield "out of order", two % ("b", entry(offsets=[8, 16]), "a", entry()), 16
    yield "overlap", two % ("a", entry(), "b", entry(offsets=[4, 12])), 12
    yield "the same bytes", two % ("a", entry(), "b", entry()), 8
    yield "gap", two % ("a", entry(), "b", entry(offsets=[12, 20])), 20
    yield "not from 0", '{"a":%s}' % entry(offsets=[4, 12]), 12


def random_header(rng):
    """A valid header: (text, zeros)."""
    names = rng.sample([f"t{i}" for i in range(20)] + ["\xc3\xa9", "h.0.attn", "\\n", "x" * 60], rng.randint(0, 6))
    end, entries = 0, []
    for name in names:
        dtype, shape = rng.choice(list(DTYPES)), [rng.randint(0, 6) for _ in range(rng.randint(0, 4))]
        bits = DTYPES[dtype]
        for dim in shape:
            bits *= dim
        if bits % 8:
            shape, bits = [8, *shape], bits * 8
        fields = [f'"dtype":"{dtype}"', f'"shape":{compact(shape)}', f'"data_offsets":[{end},{end + bits // 8}]']
        if rng.random() < 0.2:
            fields.append('"more":' + rng.choice(["1", "[1,{}]", '"x"', "null"]))
        rng.shuffle(fields)
        entries.append(f'"{name}":{{{",".join(fields)}}}')
        end += bits // 8
    if rng.random() < 0.5:
        entries.append('"__metadata__":{"format":"pt"}')
    rng.shuffle(entries)
    space = rng.choice(["", " ", "\n"])
    return "{" + space + ("," + space).join(entries) + "}" + " " * rng.randint(0, 3), end


def mutate(rng, text):
    at = rng.randrange(len(text))
    kind = rng.randrange(6)
    if kind == 0:  # another byte
        return text[:at] + chr(rng.randrange(256)) + text[at + 1 :]
    if kind == 1:  # a piece left out
        return text[:at] + text[at + rng.randint(1, 12) :]
    if kind == 2:  # a piece put in
        return text[:at] + rng.choice(FRAGMENTS) + text[at:]
    if kind == 3:  # a piece twice
        return text[: at + rng.randint(1, 30)] + text[at:]
    numbers = list(re.finditer(r"\d+", text))
    if kind == 4 and numbers:  # another number
        number = rng.choice(numbers)
        other = rng.choice([str(int(number[0]) + rng.choice([-1, 1, 8, 2**32])), "0", "1", str(2**64 - 1)])
        return text[: number.start()] + other + text[number.end() :]
    words = list(re.finditer(r'"[^"]*"', text))
    if words:  # a word for another
        word, other = rng.choice(words), rng.choice(words)
        return text[: word.start()] + other[0] + text[word.end() :]
    return text


def random_cases(rng):
    for i in range(N_RANDOM):
        header, zeros = random_header(rng)
        if i % 5 == 0:
            zeros += rng.choice([0, 0, 0, -1, 1])
        else:
            for _ in range(rng.randint(1, 2)):
                header = mutate(rng, header) or "{}"
        yield f"random {i}", header, max(zeros, 0)


def accepts(length, header, zeros):
    try:
        deserialize(struct.pack("<Q", length) + header + bytes(zeros))
    except SafetensorError:
        return False
    return True


def stricter(header):
    """The rule of the format's description that a file breaks which the package accepts; None where it breaks none."""
    if not header.startswith(b"{"):
        return "the header begins with {"
    table = json.loads(header, object_pairs_hook=list)
    if len(table) != len(dict(table)):
        return "no key comes twice"
    for name, value in table:
        if name == "__metadata__":
            if value is not None and len(value) != len(dict(value)):
                return "no key comes twice"
            continue
        is_object = isinstance(value, list) and all(isinstance(pair, tuple) for pair in value)
        if not is_object or not isinstance(dict(value)["dtype"], str):
            return "an entry is an object, its dtype a string"
    return None


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    lines, n_accepted = [], 0
    for name, header, zeros, *length in [*hand_made(), *random_cases(rng)]:
        header_bytes = header.encode("latin-1")
        case = {"name": name, "header": header, "zeros": zeros}
        if length:
            case["length"] = length[0]
        case["reference"] = accepts(length[0] if length else len(header_bytes), header_bytes, zeros)
        if case["reference"] and (rule := stricter(header_bytes)):
            case["stricter"] = rule
        n_accepted += case["reference"]
        lines.append(json.dumps(case, separators=(",", ":")))
    path = folder / "cases.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
    print(f"{path}: {len(lines)} files, {n_accepted} accepted, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
