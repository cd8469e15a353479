# GED giữa him và her, bằng PyTorch, NumPy và SciPy. Cần: pip install torch transformers safetensors scipy
{{load_gpt2}}
import numpy as np
from scipy.linalg import eigh

pairs = {{pairs}} or """DEFAULT_PAIRS"""
n_most = {{n_pairs}}
lines = [line.strip() for line in pairs.splitlines() if line.strip()]
lines = lines[:n_most] if n_most > 0 else lines


def versions(line):
    before, rest = line.split("[")
    words, after = rest.split("]")
    return [(before.rstrip(), " " + word, after) for word in words.split("|")]


def slot_activations():
    """Hai ma trận [số câu, số nơ-ron], đọc tại token cuối của từ thay đổi."""
    layer = {{layer}} if {{layer}} >= 0 else model.config.n_layer // 2
    mlp = model.transformer.h[layer].mlp
    kept = []
    module = mlp.c_fc if {{hook}} == "before_gelu" else mlp.act
    handle = module.register_forward_hook(lambda module, inputs, output: kept.append(output[0]))
    rows = [[], []]
    with torch.no_grad():
        for line in lines:
            for which, (before, word, _) in enumerate(versions(line)):
                # Mô hình không đọc được token nào phía sau: phần sau đại từ không đổi gì tại đó.
                ids = tokenizer(before + word, return_tensors="pt").input_ids
                model(ids)
                rows[which].append(kept.pop()[-1].double().numpy())
    handle.remove()
    return np.array(rows[0]), np.array(rows[1])


def moments(x, centre):
    return (x - centre).T @ (x - centre) / (len(x) - 1)


def shrink(matrix):
    gamma = {{gamma}}
    return (1 - gamma) * matrix + gamma * np.trace(matrix) / len(matrix) * np.eye(len(matrix))


def fit(a, b):
    """Vectơ riêng đầu của S w = λ R w, S từ a, R từ b; dấu sao cho trung bình của a ở trên."""
    mean_a, mean_b = a.mean(0), b.mean(0)
    centre = {"class": (mean_a, mean_b), "grand": ((mean_a + mean_b) / 2,) * 2, "none": (0 * mean_a,) * 2}[{{centring}}]
    rows = np.vstack([a - centre[0], b - centre[1]])
    # PCA của trung bình hai hiệp phương sai, qua SVD của các hàng.
    _, sizes, components = np.linalg.svd(rows, full_matrices=False)
    share = np.cumsum(sizes**2) / np.sum(sizes**2)
    count = int(np.argmax(share >= {{variance_share}} - 1e-12)) + 1
    if {{component_count}} == "one_fewer":
        count = max(count - 1, 1)
    basis = components[:count].T
    signal, reference = moments(a @ basis, centre[0] @ basis), moments(b @ basis, centre[1] @ basis)
    values, vectors = eigh(shrink(signal) if {{shrink}} == "both" else signal, shrink(reference))
    w = vectors[:, -1]
    ratio = (w @ signal @ w) / (w @ reference @ w)
    direction = basis @ w / np.linalg.norm(w)
    direction *= np.sign(direction @ (mean_a - mean_b)) or 1.0
    return count, values[-1], ratio, direction


def report(a, b):
    count, value, ratio, direction = fit(a, b)
    print("pcs_kept", count)
    print("top_eigenvalue.a_over_b", value)
    print("train_ratio.a_over_b", ratio)
    # Tráo nhãn trong từng cặp, sau khi cho hai trung bình bằng nhau.
    half = (a.mean(0) - b.mean(0)) / 2
    # Những câu mở đầu giống hệt nhau cho cùng hai hàng số, nên phải tráo cùng nhau.
    openings = [tuple(before + word for before, word, _ in versions(line)) for line in lines]
    group = [openings.index(opening) for opening in openings]
    generator = np.random.default_rng({{seed}})
    null = []
    for _ in range({{n_permutations}}):
        swap = generator.random(len(a))[group, None] < 0.5
        null.append(fit(np.where(swap, b + half, a - half), np.where(swap, a - half, b + half))[2])
    print("nhãn tráo: trung bình", np.mean(null), "và 95 % giữa", np.quantile(null, [0.025, 0.975]))


him, her = slot_activations()
report(him, her)
