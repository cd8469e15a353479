"""Strings that are hard for a byte-level BPE tokenizer: a fixed list, and random ones from a seed."""

import sys
import unicodedata

from r50k_base import END_OF_TEXT

CONTRACTIONS = [
    f"{apostrophe}{letters}"
    for apostrophe in ["'", "\u2019", "''", "`", "\u02bc", "\uff07"]
    for letters in "s t re ve m ll d S T RE VE M LL D Re l r v e sa lll rev \u017f ".split(" ")
]
# White_Space of Unicode 15, then what other regex engines, Python or JavaScript take for a space as well.
SPACES = [*map(chr, range(0x09, 0x0E)), *" \x85\xa0\u1680", *map(chr, range(0x2000, 0x200B))]
SPACES += "\u2028\u2029\u202f\u205f\u3000"
NEAR_SPACES = [*"\x1c\x1d\x1e\x1f\u180e\u200b\u200c\u200d\u2060\ufeff\u2800\u3164\uffa0"]
EDGES = [
    *(
        "\0\1\x7f\x80\x9f\u07ff\u0800\ud7fb\ud7ff\ue000\uf8ff\ufdd0\ufffc\ufffd\ufffe\uffff"
        "\U00010000\U0001fffe\U0002ffff\U0003134a\U000323af\U000323b0\U000e0001\U000e0100"
        "\U000f0000\U000ffffd\U00100000\U0010fffd\U0010ffff"
    )
]
VIETNAMESE = (
    "Tiếng Việt giàu thanh điệu: ngang huyền sắc hỏi ngã nặng. Trường Đại học nghiên cứu nguyễn ưỡn khuỷu quặng "
    "ẩn ữ ợ ỵ Ă Â Đ Ê Ô Ơ Ư ằ ẳ ẵ ắ ặ ầ ẩ ẫ ấ ậ ề ể ễ ế ệ ồ ổ ỗ ố ộ ờ ở ỡ ớ ợ ừ ử ữ ứ ự ĐƯỜNG PHỐ Thừa Thiên Huế"
).split()
EMOJI = ("👩‍👩‍👧‍👦 👨🏽‍💻 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇻🇳 🇻🇳🇫🇷🇯🇵 🇻 1️⃣ #️⃣ ❤️ ❤ 👍🏿 🧑🏻‍🤝‍🧑🏿 😀 😀😀😀 ☺︎ 🫠 \u200d \ufe0f 🏽").split(" ")
SCRIPTS = (
    "Привет мир|Ελληνικά γλώσσα|שלום עולם|مرحبا بالعالم|नमस्ते दुनिया|สวัสดีชาวโลก ำ|你好，世界。|こんにちは世界ー|カタカナ ﾊﾝｶｸ|한국어 조선말|"
    "ქართული|Հայերեն|አማርኛ|தமிழ் மொழி|తెలుగు|ಕನ್ನಡ|മലയാളം|ខ្មែរ|ລາວ|မြန်မာ|བོད་ཡིག|ᠮᠣᠩᠭᠣᠯ|ᏣᎳᎩ|ᓀᐦᐃᔭᐍᐏᐣ|𐌰𐌱𐌲|𝔘𝔫𝔦𝔠𝔬𝔡𝔢|ǅ ǈ ǋ ﬁ ß İ ı ſ K Å|"
    "ʰ ˈ ˇ ª º|𒀀𒁀|𓀀𓂀|𠀀𪚥|ꙮ|zalgo z̸̡̛a̷͎͝l̵̰̈́g̴̫̈o"
).split("|")
NUMBERS = [*"0123456789²³¹¼½¾٠٣۴०৪௧๓໓༣၄៥᠖０９ⅠⅧⅹ①⑳⒈㊿㉈〇〡零一𝟘𝟿𐄇𐌠𞣇𖭛🄀🯰"]
NUMBERS += "1,234.56 007 3.14e-10 0x1F ½½½ 1a2b3c".split()
PUNCTUATION = [*'!"#$%&()*+,-./:;<=>?@[\\]^_{|}~«»“”‘’–—…·•€£¥©®™°±×÷§¶\u00ad\u061c\u202e\u2066']
PUNCTUATION += r"... -- ==> !?! \n".split()
WORDS = (
    "the of and Hello WORLD tokenizer indistinguishable don't I'm you'll they've it's JOHN'S "
    "antidisestablishmentarianism getElementById snake_case_name https://example.org/a?b=c&d=%20 <div> </div> "
    "SolidGoldMagikarp TheNitromeFan rawdownload cloneembedreportprint naïve café cafe\u0301 coöperate Ångström"
).split()
SPECIAL = [END_OF_TEXT, "<|endoftext", "|endoftext|>", "<|endoftext |>", "<|ENDOFTEXT|>", "<|", "|>", END_OF_TEXT * 2]


def fixed_strings():
    """Each hard spot by itself and beside words, numbers, spaces and ends."""
    spots = [*CONTRACTIONS, *SPACES, *NEAR_SPACES, *EDGES, *EMOJI, *SCRIPTS, *NUMBERS, *SPECIAL]
    yield from ["", "a", " ", "\0", "\r\n", "'", "Hello, world!", " Hello world's end"]
    for spot in spots:
        yield f"a{spot}b {spot}1{spot} {spot}"
    for space in [*SPACES, *NEAR_SPACES]:
        yield f"{space}{space}x {space}x{space} x\n{space}{space}"
    for text in [" ".join(VIETNAMESE), *SCRIPTS]:
        yield from (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    for unit in [*"a \n\t0-=é\u00a0日😀\0", "\r\n", "ÃÂ", "ab", "e\u0301", "'s", "' "]:
        yield from (unit * 257, f"x{unit * 64}y", f" {unit * 31} ")


def random_code_point(rng):
    """Any but surrogates; low ones more often."""
    while True:
        code_point = rng.randrange(1 << rng.randrange(1, 22))
        if code_point <= sys.maxunicode and not 0xD800 <= code_point < 0xE000:
            return chr(code_point)


def random_block(rng):
    """Neighbours: a few code points of one stretch of 128, so of one script as a rule."""
    base = rng.randrange(0x110000 >> 7) << 7 if rng.random() < 0.3 else rng.randrange(0x3100 >> 7) << 7
    if 0xD800 <= base < 0xE000:
        return "\ufffd"
    return "".join(chr(base + rng.randrange(128)) for _ in range(rng.randint(1, 8)))


def random_run(rng, longest):
    unit = rng.choice(
        [rng.choice(SPACES), rng.choice(PUNCTUATION), rng.choice("aeZ0"), random_code_point(rng), rng.choice(WORDS)]
    )
    return unit * rng.randint(1, longest)


def from_tokens(rng, tokens):
    """Tokens of the vocabulary side by side, some cut: full of merges that compete."""
    parts = []
    for _ in range(rng.randint(1, 6)):
        token = rng.choice(tokens)
        begin = rng.randrange(len(token)) if rng.random() < 0.3 else 0
        parts.append(token[begin:])
    return b"".join(parts).decode("utf-8", errors="ignore")


def random_fragment(rng, tokens, longest_run):
    """One piece of a string; `tokens` are the bytes of the vocabulary's tokens."""
    makers = [
        lambda: rng.choice(CONTRACTIONS),
        lambda: "".join(rng.choices([*SPACES, *NEAR_SPACES], k=rng.randint(1, 5))),
        lambda: "".join(rng.choices(" \n\t\r", weights=[6, 3, 1, 1], k=rng.randint(1, 6))),
        lambda: rng.choice(WORDS) + rng.choice(["", " ", rng.choice(CONTRACTIONS)]),
        lambda: rng.choice(SCRIPTS),
        lambda: rng.choice(NUMBERS) * rng.randint(1, 3),
        lambda: rng.choice(PUNCTUATION),
        lambda: rng.choice(EMOJI),
        lambda: rng.choice(EDGES),
        lambda: rng.choice(SPECIAL),
        lambda: unicodedata.normalize(
            rng.choice(["NFC", "NFD"]), " ".join(rng.choices(VIETNAMESE, k=rng.randint(1, 3)))
        ),
        lambda: rng.choice("aeioubcdAEO \u0111") + chr(rng.randrange(0x300, 0x370)) * rng.randint(1, 3),
        lambda: "".join(random_code_point(rng) for _ in range(rng.randint(1, 4))),
        lambda: random_block(rng),
        lambda: from_tokens(rng, tokens),
        lambda: random_run(rng, longest_run),
    ]
    return rng.choice(makers)()


def random_string(rng, tokens, longest_run=20):
    return "".join(random_fragment(rng, tokens, longest_run) for _ in range(rng.randint(1, 7)))
