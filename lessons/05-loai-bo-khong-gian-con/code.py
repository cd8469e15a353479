# Loại bỏ không gian con trong MLP của GPT-2, bằng PyTorch và SciPy. Cần: pip install torch transformers safetensors scipy
{{load_gpt2}}
from scipy import stats

blocks = model.transformer.h
n_layers = len(blocks)

text = {{text}} or {{lesson_sentence}}
reference = {{reference}} or {{lesson_reference}}
layer = {{layer}} if {{layer}} >= 0 else n_layers // 2
hook, component, rank = {{hook}}, {{component}}, {{rank}}
centring, restore, fit = {{centring}}, {{restore}}, {{fit}}
first = 0 if {{first_position}} else 1  # hàng đầu tiên được khớp, được sửa và được tính
layers = range(n_layers) if {{sweep}} else [layer]


def read(text):
    if text.startswith("ids:"):
        return torch.tensor([int(number) for number in text[4:].replace(",", " ").split()])
    return tokenizer(text, return_tensors="pt").input_ids[0]


def run(tokens, edited_layer=None, edited=None):
    """Một lượt truyền xuôi. `edited` [T, nơ-ron] thay cho giá trị nơ-ron của khối `edited_layer`.
    Trả về nơ-ron của mọi khối, trạng thái ẩn (embedding, sau từng khối, sau ln_f), logit."""
    neurons, states, handles = {}, [], []

    def on_neurons(index):
        def visit(module, inputs, output):
            if index == edited_layer:
                output = edited[None].to(output.dtype)
            neurons[index] = output[0].double()
            return output
        return visit

    def keep(module, inputs, output):
        states.append((output[0] if isinstance(output, tuple) else output)[0].double())

    handles.append(blocks[0].register_forward_pre_hook(lambda module, inputs: states.append(inputs[0][0].double())))
    for index, block in enumerate(blocks):
        module = block.mlp.c_fc if hook == "before_gelu" else block.mlp.act
        handles.append(module.register_forward_hook(on_neurons(index)))
        handles.append(block.register_forward_hook(keep))
    handles.append(model.transformer.ln_f.register_forward_hook(keep))
    with torch.no_grad():
        logits = model(tokens[None]).logits[0].double()
    for handle in handles:
        handle.remove()
    return neurons, states, logits


def remove(x, fitted):
    """Bỏ khỏi các hàng của x những thành phần của `fitted`, rồi trả lại trung bình. Cả hai [T, nơ-ron]."""
    rows, fitted = x[first:], fitted[first:]
    mean = fitted.mean(0)
    centre = mean if centring == "mean" else torch.zeros_like(mean)
    v = torch.linalg.svd(fitted - centre, full_matrices=False).Vh[component - 1 : component - 1 + rank].T
    left = (rows - centre) - (rows - centre) @ v @ v.T
    left = left + {"mean_vector": mean, "token_mean": rows.mean(1, keepdim=True), "nothing": 0}[restore]
    return torch.cat([x[:first], left]), v


def push(x, edited, v):
    """Đối chứng: đẩy mỗi hàng đi xa bằng thế, dọc một hướng ngẫu nhiên."""
    change = edited - x
    direction = torch.nn.functional.normalize(torch.randn(x.shape[1], dtype=torch.float64), dim=0)
    lengths = change.norm(dim=1) * torch.where(change @ v[:, 0] < 0, -1.0, 1.0)
    return x + lengths[:, None] * direction


def read_out(logits):
    """Số đọc của token đúng kế tiếp, tại mọi vị trí có token kế tiếp."""
    values = logits[:-1] if {{readout}} == "logit" else logits[:-1].log_softmax(-1)
    return values.gather(1, tokens[1:, None])[:, 0]


def drop(logits):
    values = (read_out(clean_logits) - read_out(logits))[first:]
    return torch.cat([torch.zeros(1), values]) if {{spurious_zero}} else values


def relative_change(before, after):
    return ((after - before).norm() / before.norm()).item()


torch.manual_seed({{seed}})
tokens, reference_tokens = read(text), read(reference)
neurons, clean_states, clean_logits = run(tokens)
fitted = neurons if fit == "sentence" else run(reference_tokens)[0]

measured = []
print("khối   giảm        t          p   đẩy ngẫu nhiên: giảm       t   hiệp phương sai đổi")
for index in layers:
    x = neurons[index]
    edited, v = remove(x, fitted[index])
    _, states, logits = run(tokens, index, edited)
    test = stats.ttest_1samp(drop(logits).numpy(), 0)
    pushed = drop(run(tokens, index, push(x, edited, v))[2])
    control = stats.ttest_1samp(pushed.numpy(), 0)
    covariance = relative_change(torch.cov(x[first:].T), torch.cov(edited[first:].T))
    print(f"{index:4} {drop(logits).mean():8.4f} {test.statistic:8.3f} {test.pvalue:10.2e}"
          f" {pushed.mean():22.4f} {control.statistic:8.3f} {covariance:12.4f}")
    measured.append((drop(logits), test.statistic))
    if index == layer:
        deviation = [((a - b)[first:].norm() / b[first:].norm()).item() for a, b in zip(states, clean_states)]
print(f"\nsửa khối {layer}, độ lệch so với luồng dư (embedding, sau từng khối, sau ln_f):")
print(" ".join(f"{value:.4f}" for value in deviation))
