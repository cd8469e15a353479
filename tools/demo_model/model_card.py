"""Writes MODEL_CARD.md (Vietnamese and English) and loss_curve.svg beside the model, from what was measured:
evaluation.json, the training's log.jsonl, and the lessons' results on this model (`soi lesson NAME --json`).

usage: model_card.py EVALUATION.json LOG.jsonl MODEL_DIR LESSON.json...
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend comes first)

VERDICTS = {"agrees": ("khớp", "agrees"), "differs": ("không khớp", "differs"), "chance": ("chỉ bằng ngẫu nhiên", "chance"),
            "untestable": ("chưa kiểm được", "untestable")}


def vietnamese(value, digits):
    """Decimal comma, full stops between thousands."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def draw_loss(entries, baselines, path):
    held_out = [(e["tokens"] / 1e6, e["val"]) for e in entries if "val" in e]
    figure, axes = plt.subplots(figsize=(6.4, 3.4))
    axes.plot(*zip(*held_out), marker="o", color="#c17a10", label="held-out / để riêng")
    for name, value in baselines.items():
        axes.axhline(value, linestyle="--", linewidth=1, color="#857c6e")
        axes.annotate(f"{name} {value:.2f}", (held_out[0][0], value), fontsize=8, va="bottom", color="#655d51")
    axes.set_xlabel("million tokens seen in this run / triệu token đã đọc trong lần chạy này")
    axes.set_ylabel("nats / token")
    axes.legend(frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    plt.rcParams["svg.hashsalt"] = "soi"  # the same bytes from the same numbers
    figure.savefig(path, metadata={"Date": None})


def findings(lessons):
    """A table of the measured claims of each lesson by verdict, and the ids."""
    rows = []
    for lesson in lessons:
        by_verdict = {verdict: [c["id"] for c in lesson["claims"] if c["verdict"] == verdict] for verdict in VERDICTS}
        cells = [", ".join(by_verdict[verdict]) or "–" for verdict in VERDICTS]
        rows.append(f"| {lesson['lesson']} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def quality_table(e, names, number):
    int8, f32, base = e["int8"], e["float32"], e["baselines"]
    n_first, n_capitals = e["capitals"]["first"], e["capitals"]["n"]
    values = [
        (number(int8["loss"], 3), number(f32["loss"], 3)), (number(int8["perplexity"], 1), number(f32["perplexity"], 1)),
        (number(100 * int8["top1"], 1) + " %", number(100 * f32["top1"], 1) + " %"),
        (number(base["unigram"], 3), ""), (number(base["trigram"], 3), ""), (number(base["untrained"], 3), ""),
        (number(100 * e["pronouns"]["share"], 1) + f" % ({e['pronouns']['n_prompts']})", ""),
        (f"{n_first} / {n_capitals}", "")]
    return "\n".join(f"| {name} | {a} | {b} |" for name, (a, b) in zip(names, values))


def english(e, lessons):
    c = e["config"]
    number = lambda value, digits: f"{value:,.{digits}f}"
    change = e["int8"]["loss"] / e["float32"]["loss"] - 1
    names = ["held-out loss, nats a token", "perplexity", "top-1 accuracy", "unigram", "trigram (Kneser-Ney)", "untrained network",
             "pronoun agrees with its subject (prompts; chance 50 %)", "right capital first, of 20 well-known countries"]
    samples = "\n".join(f"{i}. {s.strip()!r}" for i, s in enumerate(e["samples"], 1))
    said = ", ".join(f"{r['country']}:{r['said']}" for r in e["capitals"]["rows"])
    return f"""## English

GPT-2's architecture and tokenizer: {c['n_layer']} blocks, width {c['n_embd']}, {c['n_head']} heads, context {c['n_ctx']};
{e['parameters']:,} parameters, int8 in {e['file_bytes'] / 1e6:.1f} MB. Made by `tools/demo_model/run` (PyTorch); the log of the last run is
`tools/demo_model/log.jsonl`, its command line `tools/demo_model/command.txt`.

**Data.** English text in the public domain: books, a country factbook, addresses and booklets; and about 2 % of sentences made by rule
(`tools/demo_model/generate.py`) on capitals, drinks, and people with their pronouns. Every 97th document of the corpus is held out.
Prompts that measure pronouns are not among the sentences made by rule; the capitals that are asked for are.

| on {e['int8']['n_tokens']:,} held-out tokens | int8, as shipped | float32 |
|---|---|---|
{quality_table(e, names, number)}

int8 changes the loss by {100 * change:.2f} %. The loss curve: `loss_curve.svg`. For each country the first word it says: {said}.

**What it cannot do.** It keeps no thread beyond a sentence or two, knows little of the world beyond what was drilled, knows nothing after the
books it read (mostly before 1930, with their views), and answers no questions. It is for looking inside, not for use.

**Ten samples, unedited** (temperature 0.8, top-k 40, seeds 0-9):

{samples}

**The lessons' findings on this model** (`docs/findings.md` has the numbers; claims that are parameters or interpretation are left out):

| lesson | {' | '.join(en for _, en in VERDICTS.values())} |
|---|---|---|---|---|
{findings(lessons)}
"""


def vietnamese_part(e):
    c = e["config"]
    change = e["int8"]["loss"] / e["float32"]["loss"] - 1
    names = ["mất mát trên văn bản để riêng, nat mỗi token", "độ rối (perplexity)", "đoán đúng token đầu", "unigram", "trigram (Kneser-Ney)",
             "mạng chưa huấn luyện", "đại từ hợp với chủ ngữ (số câu; ngẫu nhiên 50 %)", "thủ đô đúng đứng đầu, trong 20 nước quen thuộc"]
    return f"""## Tiếng Việt

Kiến trúc và tokenizer của GPT-2: {c['n_layer']} khối, rộng {c['n_embd']}, {c['n_head']} đầu chú ý, ngữ cảnh {c['n_ctx']} token;
{vietnamese(e['parameters'], 0)} tham số, giữ ở int8 trong {vietnamese(e['file_bytes'] / 1e6, 1)} MB.

**Dữ liệu.** Văn bản tiếng Anh thuộc phạm vi công cộng: sách, số liệu các nước, diễn văn, sách mỏng; thêm khoảng 2 % câu sinh theo luật về thủ
đô, đồ uống, và người cùng đại từ của họ. Cứ 97 tài liệu thì để riêng một tài liệu. Câu dùng để đo đại từ không nằm trong các câu sinh ra; thủ
đô được hỏi thì có.

| trên {vietnamese(e['int8']['n_tokens'], 0)} token để riêng | int8, bản đi kèm trang | float32 |
|---|---|---|
{quality_table(e, names, vietnamese)}

Đổi sang int8 làm mất mát thay đổi {vietnamese(100 * change, 2)} %. Đường mất mát: `loss_curve.svg`.

**Mô hình không làm được gì.** Nó không giữ được mạch quá một hai câu, biết rất ít ngoài những điều được luyện kỹ, không biết gì sau những cuốn sách
nó đọc (phần lớn trước năm 1930, với cách nhìn thời ấy), và không trả lời câu hỏi. Nó có mặt ở đây để ta nhìn vào bên trong. Kết quả của năm bài
học trên mô hình này nằm ở bảng cuối trang.
"""


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    evaluation, log, model, *lesson_files = map(Path, sys.argv[1:])
    e = json.loads(evaluation.read_text(encoding="utf-8"))
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    lessons = [json.loads(path.read_text(encoding="utf-8")) for path in lesson_files]
    draw_loss(entries, e["baselines"], model / "loss_curve.svg")
    (model / "MODEL_CARD.md").write_text(
        f"# soi-demo\n\nThe small GPT-2 that comes with Soi · Mô hình GPT-2 nhỏ đi kèm Soi. Written by `tools/demo_model/model_card.py`.\n\n"
        f"{vietnamese_part(e)}\n{english(e, lessons)}", encoding="utf-8")


if __name__ == "__main__":
    main()
