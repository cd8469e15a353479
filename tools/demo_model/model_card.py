"""Writes MODEL_CARD.md (Vietnamese and English) and loss_curve.svg beside the site's model, from what was measured:
evaluation.json, log.jsonl, teacher.jsonl (where the model had a teacher) and shapes.jsonl beside this file, and the lessons' results
on the model, FINDINGS/*.json (`tools/findings/run`).

usage: model_card.py MODEL_DIR FINDINGS
"""

import json
import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend comes first)

HERE = Path(__file__).parent
VERDICTS = {"agrees": "khớp", "differs": "không khớp", "chance": "chỉ bằng ngẫu nhiên"}  # of what was measured

# What is held out of the corpus with this books.txt.xz.
HELD_OUT = {"20e9cc7ad75b9ea28bf508e3de556f6a0e8d67bc2cd9eb68076100cae4e7c21e": (
    """ Hai cuốn sách trong số ấy (*The War of the Worlds* và một cuốn sử Mỹ cho trẻ em)
chiếm gần hết phần để riêng, nên con số mất mát chủ yếu là của hai cuốn này.""",
    """ Two of those, books (*The War of the Worlds* and a children's history of
America), make up nearly all of the held-out text, so the loss is mostly theirs.""")}


def english_number(value, digits):
    return f"{value:,.{digits}f}"


def vietnamese_number(value, digits):
    """Decimal comma, full stops between thousands."""
    return english_number(value, digits).translate(str.maketrans(",.", ".,"))


def held_out_curve(log):
    """(million tokens read so far, held-out loss) over the runs of a log, each of which went on from the one before."""
    before = 0
    for run in runs(log):
        tokens = 0
        for entry in run:
            tokens = entry.get("tokens", tokens)
            loss = entry.get("val", entry.get("final_val"))
            if loss is not None:
                yield (before + tokens) / 1e6, loss
        before += tokens


def draw_loss(log, teacher, baselines, path):
    held_out = list(held_out_curve(log))
    figure, axes = plt.subplots(figsize=(6.4, 3.4))
    if teacher:
        axes.plot(*zip(*held_out_curve(teacher)), marker=".", linewidth=1, color="#857c6e", label="teacher / mô hình thầy")
    axes.plot(*zip(*held_out), marker="o", markersize=4, color="#c17a10", label="this model / mô hình này")
    for name in ("unigram", "trigram"):
        axes.axhline(baselines[name], linestyle="--", linewidth=1, color="#857c6e")
        axes.annotate(f"{name} {baselines[name]:.2f}", (held_out[-1][0], baselines[name]), fontsize=8, va="bottom", ha="right",
                      color="#655d51")
    axes.set_xlabel("million tokens read / triệu token đã đọc")
    axes.set_ylabel("held-out / để riêng, nats / token")
    axes.legend(frameon=False, loc="center right", bbox_to_anchor=(1, 0.68))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    plt.rcParams["svg.hashsalt"] = "soi"  # the same bytes from the same numbers
    figure.savefig(path, metadata={"Date": None})


def measured_claims(lesson):
    return [claim for claim in lesson["claims"] if claim["verdict"] in VERDICTS]


def claim_table(lessons):
    rows = ["| khẳng định (claim) | tài liệu viết | trên mô hình này |", "|---|---|---|"]
    for lesson in lessons:
        for claim in measured_claims(lesson):
            document = claim["document"].replace("|", "\\|").replace("\n", " ")
            rows.append(f"| {claim['id']} | {document} | {VERDICTS[claim['verdict']]} |")
    return "\n".join(rows)


def tally(lessons):
    rows = ["| lesson | " + " | ".join(VERDICTS) + " |", "|---|---|---|---|"]
    for lesson in lessons:
        verdicts = [claim["verdict"] for claim in measured_claims(lesson)]
        rows.append(f"| {lesson['lesson']} | " + " | ".join(str(verdicts.count(verdict)) for verdict in VERDICTS) + " |")
    return "\n".join(rows)


def quality_table(e, names, number):
    percent = lambda share: number(100 * share, 1) + " %"
    int8, unrounded, baselines, pronouns, capitals = e["int8"], e["float"], e["baselines"], e["pronouns"], e["capitals"]
    short = [number(e["int8_windows_of_256"]["loss"], 3)] if "int8_windows_of_256" in e else []
    values = [number(int8["loss"], 3), number(unrounded["loss"], 3), *short,
              number(int8["perplexity"], 1), number(unrounded["perplexity"], 1), percent(int8["top1"]), number(baselines["trigram"], 3), number(baselines["unigram"], 3),
              number(baselines["untrained"], 3), percent(pronouns["share"]), f"{capitals['right']} / {capitals['n']}"]
    return "\n".join(f"| {name} | {value} |" for name, value in zip(names, values, strict=True))


def runs(log):
    """The lines of each run of a log."""
    found = []
    for entry in log:
        if entry.get("start") == 0:
            found.append([])
        found[-1].append(entry)
    return found


def last_of(run, key):
    return [entry[key] for entry in run if key in entry][-1]


def n_parameters(n_layer, n_embd, n_ctx, n_vocab=50257):
    return (n_vocab + n_ctx) * n_embd + n_layer * (12 * n_embd**2 + 13 * n_embd) + 2 * n_embd


def shape_table(shapes, head, number):
    """One line for each run of `shapes`, the least held-out loss first."""
    rows = []
    for run in sorted(runs(shapes), key=lambda run: last_of(run, "final_val")):
        o = run[0]["options"]
        size = n_parameters(o["n_layer"], o["n_embd"], o["n_ctx"])
        rows.append(f"| {o['n_layer']} × {o['n_embd']} | {number(size / 1e6, 1)} | {number(last_of(run, 'final_val'), 3)} |")
    return "\n".join([head, "|---|---|---|", *rows])


def millions_of_tokens(log):
    return sum(last_of(run, "tokens") for run in runs(log)) / 1e6


def minutes(log):
    return sum(last_of(run, "minutes") for run in runs(log))


def devices(log):
    return ", ".join(dict.fromkeys(entry["device"] for entry in log if "start" in entry))


def vietnamese_machines(log):
    return re.sub(r"(\d+) (\S+) cores", r"\1 nhân \2", devices(log))


def distilled(log):
    """The last run that had a teacher; None where none had."""
    return next((run for run in reversed(runs(log)) if run[0]["options"].get("teacher")), None)


def vietnamese(e, log, teacher, shapes, lessons):
    number, c = vietnamese_number, e["config"]
    train_tokens = e["data"]["tokens"]["train"] / 1e6
    capitals = e["capitals"]
    change = e["int8"]["loss"] / e["float"]["loss"] - 1
    memory = f"Trong {capitals['n']} thủ đô được hỏi, {capitals['taught']} có trong các câu sinh theo mẫu"
    if capitals["taught"] == capitals["n"]:
        memory = f"Cả {capitals['n']} thủ đô được hỏi đều có trong các câu sinh theo mẫu, nên đây là phép thử trí nhớ; mô hình viết đúng {capitals['right']}."
    else:
        memory += (f": đó là phép thử trí nhớ. Mô hình viết đúng {capitals['taught_and_right']} trong {capitals['taught']} thủ đô ấy, và "
                   f"{capitals['right'] - capitals['taught_and_right']} trong {capitals['n'] - capitals['taught']} thủ đô còn lại.")
    said = ", ".join(f"{r['country']}: {r['said'].strip()!r}" for r in e["capitals"]["rows"])
    short = ["như trên, bản int8, mỗi lần chỉ đọc 256 token"] if "int8_windows_of_256" in e else []
    names = ["mất mát (*loss*) trên văn bản để riêng, bản int8 đi kèm trang, nat một token",
             f"như trên, trọng số {e['float']['dtype']}", *short,
             "độ rối (*perplexity*), bản int8", f"như trên, trọng số {e['float']['dtype']}",
             "token xếp thứ nhất là token đúng (*top-1*)",
             "mất mát của mô hình trigram (Kneser–Ney)", "mất mát của mô hình unigram", "mất mát của mạng chưa huấn luyện",
             f"số câu mà đại từ hợp giới với chủ ngữ có xác suất cao hơn đại từ kia ({e['pronouns']['n_prompts']} câu; đoán mò: 50 %)",
             f"số nước mà mô hình viết đúng tên thủ đô, trong {capitals['n']} nước quen thuộc"]
    taught, last = "", distilled(log)
    if last and teacher:
        t, weight = teacher[0]["options"], last[0]["options"]["teacher_weight"]
        taught = f""" Trước đó, cũng trên dữ liệu ấy,
ta huấn luyện một mô hình thầy (*teacher*) lớn hơn ({t['n_layer']} khối, bề rộng {t['n_embd']}, dropout {number(t['dropout'], 1)}) trong {number(minutes(teacher), 1)} phút, đọc {number(millions_of_tokens(teacher), 0)} triệu token.
Hàm mất mát của mô hình này gồm hai phần: đoán token kế tiếp trong văn bản (hệ số {number(1 - weight, 2)}) và đoán cho giống xác suất của thầy
(hệ số {number(weight, 2)}). Cách ấy gọi là chưng cất tri thức (*knowledge distillation*). Đo ngay lúc huấn luyện, mất mát trên văn bản để riêng
của thầy là {number(last_of(teacher, 'final_val'), 3)}, của mô hình này {number(last_of(last, 'final_val'), 3)}."""
    chosen = ""
    if shapes:
        chosen = f"""

Số khối và bề rộng chọn theo số đo: mỗi dạng dưới đây học thẳng từ văn bản, không có thầy, tới khi đọc hết {number(millions_of_tokens(runs(shapes)[0]), 1)} triệu token. Mỗi
dạng chạy một lần, nên hơn kém vài phần nghìn chưa nói lên gì; mất mát đo ngay lúc huấn luyện.

{shape_table(shapes, '| số khối × bề rộng | triệu tham số | mất mát trên văn bản để riêng |', number)}"""
    return f"""## Tiếng Việt

Kiến trúc và tokenizer của GPT-2: {c['n_layer']} khối (*block*), bề rộng (*width*) {c['n_embd']}, {c['n_head']} đầu chú ý (*attention head*),
ngữ cảnh (*context*) {number(c['n_ctx'], 0)} token; {number(e['parameters'], 0)} tham số, lưu ở dạng int8, tệp {number(e['file_bytes'] / 1e6, 1)} MB. Huấn luyện trong {number(minutes(log), 1)} phút
(trên {vietnamese_machines(log)}), đọc {number(millions_of_tokens(log), 0)} triệu token, tức khoảng {number(millions_of_tokens(log) / train_tokens, 0)} lượt qua văn bản.{taught}

**Dữ liệu.** Văn bản tiếng Anh thuộc phạm vi công cộng (*public domain*) ở Hoa Kỳ: sách, cẩm nang về các nước (*factbook*), thông điệp liên
bang (*State of the Union*), tập sách nhỏ về địa chất, mục từ bách khoa toàn thư; tất cả {number(train_tokens, 1)} triệu token, trong đó {number(100 * e['data']['share_by_rule'], 0)} % là câu
sinh theo mẫu (`tools/demo_model/generate.py`) về thủ đô, đồ uống, và về người cùng đại từ chỉ người ấy. Cứ 97 tài liệu thì để riêng
(*held out*) một, không dùng khi huấn luyện: tất cả {e['data']['documents_held_out']} tài liệu.{HELD_OUT.get(e['data']['made_of']['books.txt.xz'], ('', ''))[0]}

| trên {number(e['int8']['n_tokens'], 0)} token để riêng | |
|---|---|
{quality_table(e, names, number)}

Mất mát của bản int8 {'cao' if change >= 0 else 'thấp'} hơn bản {e['float']['dtype']} {number(100 * abs(change), 3)} %{', coi như bằng nhau' if abs(change) < 1e-4 else ''}. Đường cong mất mát (*loss curve*): `loss_curve.svg`.{chosen}

Các câu dùng để đo đại từ không có trong phần sinh theo mẫu, nhưng nhân vật thì có, và ở một số câu cả kiểu câu: phép thử này chủ yếu
đổi hành động trong câu. {memory}
Với mỗi nước, nó viết: {said}.

**Những gì mô hình không làm được.** Viết được một hai câu, có khi vài câu, là nó lạc mạch. Nó biết rất ít ngoài những điều lặp lại nhiều lần khi
huấn luyện, và phần lớn sách nó đọc viết trước năm 1930, với cách nhìn thời ấy. Gặp câu giống các câu sinh theo mẫu, nó dễ viết tiếp cả loạt
câu kiểu ấy. Ngoài kiểu câu hỏi về thủ đô đã học, nó không trả lời được câu hỏi nào. Mô hình này để soi vào bên trong, không phải để dùng trong
công việc thực tế. Mười đoạn nó viết ra, không sửa, nằm trong phần tiếng Anh.

**Các bài học trên mô hình này.** Bảng chỉ nêu những khẳng định đo được; số đo và mức ngẫu nhiên nằm trong `docs/findings.md`. Bài 1 là mô phỏng,
không dùng mô hình, nên không có ở đây.

{claim_table(lessons)}
"""


def english(e, log, teacher, shapes, lessons):
    number, c = english_number, e["config"]
    train_tokens = e["data"]["tokens"]["train"] / 1e6
    capitals = e["capitals"]
    change = e["int8"]["loss"] / e["float"]["loss"] - 1
    if capitals["taught"] == capitals["n"]:
        memory = f"The sentences made by rule teach all {capitals['n']} capitals that are asked for, so this tests memory: it is right on {capitals['right']}."
    else:
        memory = (f"Of the {capitals['n']} capitals that are asked for, the sentences made by rule teach {capitals['taught']}, a test of memory: it is right on "
                  f"{capitals['taught_and_right']} of these, and on {capitals['right'] - capitals['taught_and_right']} of the other {capitals['n'] - capitals['taught']}.")
    short = ["the same, int8, in windows of 256 tokens"] if "int8_windows_of_256" in e else []
    names = ["held-out loss, int8 as shipped, nats a token", f"the same, weights in {e['float']['dtype']}", *short,
             "perplexity, int8", f"the same, weights in {e['float']['dtype']}",
             "top-1 accuracy", "loss of a trigram model (Kneser-Ney)", "loss of a unigram model", "loss of the untrained network",
             f"the pronoun of the subject's gender scores higher ({e['pronouns']['n_prompts']} prompts; chance 50 %)",
             f"countries whose capital it writes, of {capitals['n']} well-known ones"]
    samples = "\n".join(f"{i}. {s.strip()!r}" for i, s in enumerate(e["samples"], 1))
    taught, last = "", distilled(log)
    if last and teacher:
        t, weight = teacher[0]["options"], last[0]["options"]["teacher_weight"]
        taught = f"""
Before it, on the same text, a larger model was trained, its teacher ({t['n_layer']} blocks, width {t['n_embd']}, dropout {t['dropout']}; {number(minutes(teacher), 1)} minutes, {number(millions_of_tokens(teacher), 0)}
million tokens; `teacher.jsonl`). This one learned the text's own next tokens with weight {1 - weight:g}, and the teacher's probabilities with weight
{weight:g} (knowledge distillation). As measured in training, the teacher's held-out loss is {number(last_of(teacher, 'final_val'), 3)}, this model's {number(last_of(last, 'final_val'), 3)}."""
    chosen = ""
    if shapes:
        chosen = f"""

Depth and width were chosen by measurement (`tools/demo_model/shapes`): each of these read {number(millions_of_tokens(runs(shapes)[0]), 1)} million tokens, without a teacher. Each was
run once, so a few thousandths apart say nothing; the losses are those measured in training.

{shape_table(shapes, '| blocks × width | million parameters | held-out loss |', number)}"""
    return f"""## English

GPT-2's architecture and tokenizer: {c['n_layer']} blocks, width {c['n_embd']}, {c['n_head']} heads, context {c['n_ctx']};
{e['parameters']:,} parameters, int8 in {e['file_bytes'] / 1e6:.1f} MB. Trained as `tools/demo_model/run` does for {number(minutes(log), 1)} minutes ({devices(log)}, PyTorch {last_of(log, 'torch')}),
{number(millions_of_tokens(log), 0)} million tokens, about {number(millions_of_tokens(log) / train_tokens, 0)} passes over the text; options and progress are in `tools/demo_model/log.jsonl`.{taught}

**Data.** English text in the public domain in the USA: books, a country factbook, State of the Union addresses, booklets on geology, articles of
an encyclopaedia; {number(train_tokens, 1)} million tokens in all, {number(100 * e['data']['share_by_rule'], 0)} % of them sentences made by rule (`tools/demo_model/generate.py`) on capitals, drinks, and
people with their pronouns. Every 97th document is held out, {e['data']['documents_held_out']} in all.{HELD_OUT.get(e['data']['made_of']['books.txt.xz'], ('', ''))[1]}

| on {number(e['int8']['n_tokens'], 0)} held-out tokens | |
|---|---|
{quality_table(e, names, number)}

int8 changes the loss by {100 * change:+.3f} %. The loss curve is `loss_curve.svg`.{chosen}

The prompts that measure pronouns are not among the sentences made by rule; their people are, and the pattern of some: what is tested is
mostly other deeds. {memory} What it writes for each
country stands in the Vietnamese part.

**What it cannot do.** It loses its thread after a sentence or two, at times after a few. It knows little beyond what was repeated often, and most of the
books it read were written before 1930, with the views of their time. After a sentence like those made by rule it runs on in their pattern. But for
the pattern that asks for capitals it answers no questions. It is for looking inside, not for use.

**Ten samples, unedited** (temperature 0.8, top-k 40, seeds 0 to 9; the prompt is the beginning):

{samples}

**The lessons on this model.** How many of each document's measured claims hold here; the table above names them, `docs/findings.md` has the numbers.

{tally(lessons)}

**Files.** `model.safetensors` has Hugging Face's names and layout. A matrix NAME is int8, value = int8 * scale, with the scales in NAME.scale:
one a row of wte and wpe, one a column (output) of the others. Vectors are float32. Checksums (SHA-256) are in `SHA256SUMS`. The site and
`tools/soi ... --model demo` read this one copy.
"""


def read_log(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model, findings = map(Path, sys.argv[1:])
    e = json.loads((HERE / "evaluation.json").read_text(encoding="utf-8"))
    log, teacher, shapes = (read_log(HERE / f"{name}.jsonl") for name in ("log", "teacher", "shapes"))
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(findings.glob("[0-9]*.json"))]
    lessons = [result for result in results if result["model"] == "demo"]
    draw_loss(log, teacher, e["baselines"], model / "loss_curve.svg")
    (model / "MODEL_CARD.md").write_text(
        "# soi-demo\n\nMô hình nhỏ kiểu GPT-2, đi kèm Soi · The small model of GPT-2's kind that comes with Soi. Written by `tools/demo_model/model_card.py`.\n\n"
        f"{vietnamese(e, log, teacher, shapes, lessons)}\n{english(e, log, teacher, shapes, lessons)}", encoding="utf-8")


if __name__ == "__main__":
    main()
