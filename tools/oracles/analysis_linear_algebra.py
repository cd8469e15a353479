"""Writes tests/golden/analysis/linear_algebra.json: what NumPy, SciPy and scikit-learn say of small seeded matrices.

    python tools/oracles/analysis_linear_algebra.py tests/golden/analysis/linear_algebra.json

Each case holds its input. Among them the degenerate ones: rank 0, one sample, a constant column, fewer samples than
columns, equal eigenvalues.
"""

import json
import pathlib
import sys

import numpy as np
import scipy.linalg
import sklearn.decomposition

SEED = 20062


def data(rng, n, p):
    """Correlated columns of unlike size and mean, in four decimals so that the file stays small."""
    mixing = rng.normal(size=(p, p)) / np.sqrt(p)
    return np.round(rng.normal(size=(n, p)) @ mixing * np.geomspace(3, 0.3, p) + rng.normal(size=p), 4)


def covariance_cases(rng):
    constant = data(rng, 12, 5)
    constant[:, 2] = 0.1
    for name, x in {
        "tall": data(rng, 20, 4),
        "constant_column": constant,
        "two_samples": data(rng, 2, 3),
        "one_sample": data(rng, 1, 3),
    }.items():
        n = len(x)
        centred = x - x.mean(0)
        covariance = centred.T @ centred / max(n - 1, 1)
        if n > 1:
            np.testing.assert_allclose(covariance, np.cov(x.T), atol=1e-13)
        with np.errstate(invalid="ignore", divide="ignore"):
            correlation = np.nan_to_num(np.corrcoef(x.T)) if n > 1 else np.zeros((x.shape[1],) * 2)
        if name == "constant_column":
            correlation[2, :] = correlation[:, 2] = 0
        np.fill_diagonal(correlation, 1)
        yield {"name": name, "x": x, "covariance": covariance, "moments": x.T @ x / max(n - 1, 1),
               "correlation": correlation}


def eigen_cases(rng):
    q = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    for name, a in {
        "distinct": q @ np.diag([9.0, 5.0, 2.0, 0.5, -1.0, -4.0]) @ q.T,
        "equal": q @ np.diag([3.0, 3.0, 3.0, 1.0, 1.0, 0.0]) @ q.T,
        "rank_0": np.zeros((3, 3)),
        "one": np.array([[7.0]]),
    }.items():
        a = (a + a.T) / 2
        values, vectors = np.linalg.eigh(a)
        rank = int(np.linalg.matrix_rank(a, hermitian=True))
        positive = int((values > np.abs(values).max() * len(a) * np.finfo(float).eps).sum())
        yield {"name": name, "a": a, "values": values[::-1], "vectors": vectors[:, ::-1], "rank": rank,
               "positive": positive}


def pca_cases(rng):
    constant = data(rng, 12, 5)
    constant[:, 2] = 0.1
    repeated = data(rng, 7, 9)
    repeated[5:] = repeated[:2]
    for name, x in {
        "tall": data(rng, 20, 6),
        "wide": data(rng, 8, 40),
        "constant_column": constant,
        "repeated_rows": repeated,
        "two_samples": data(rng, 2, 5),
    }.items():
        fitted = sklearn.decomposition.PCA(svd_solver="full").fit(x)
        rank = int(np.linalg.matrix_rank(x - x.mean(0)))
        yield {"name": name, "x": x, "mean": fitted.mean_, "variances": fitted.explained_variance_[:rank],
               "shares": fitted.explained_variance_ratio_[:rank], "components": fitted.components_[:rank].T}


def pooled_case(rng):
    groups = [data(rng, 7, 15), data(rng, 9, 15)]
    values, vectors = np.linalg.eigh(sum(np.cov(g.T) for g in groups) / 2)
    rank = 6 + 8
    return {"groups": groups, "variances": values[::-1][:rank], "components": vectors[:, ::-1][:, :rank]}


def svd_cases(rng):
    low_rank = np.round(rng.normal(size=(6, 2)), 2) @ np.round(rng.normal(size=(2, 9)), 2)
    for name, a in {
        "wide": data(rng, 5, 30),
        "tall": data(rng, 12, 4),
        "rank_2": low_rank,
        "rank_0": np.zeros((3, 4)),
    }.items():
        u, values, vt = np.linalg.svd(a, full_matrices=False)
        yield {"name": name, "a": a, "u": u, "values": values, "v": vt.T}


def ged_cases(rng):
    """R has rank 9 of 14 and is shrunk, as in the lesson on him and her; equal: S is R, all eigenvalues 1."""
    s = np.cov(data(rng, 12, 14).T)
    r = np.cov(data(rng, 10, 14).T)
    gamma = 0.01
    shrunk = (1 - gamma) * r + gamma * np.trace(r) / len(r) * np.eye(len(r))
    for name, signal, reference in [
        ("shrunk", s, shrunk),
        ("identity_reference", s, np.eye(14)),
        ("equal", shrunk, shrunk),
        ("rank_0", np.zeros((14, 14)), shrunk),
    ]:
        values, vectors = scipy.linalg.eigh(signal, reference)
        yield {"name": name, "s": signal, "r": reference, "values": values[::-1], "vectors": vectors[:, ::-1]}
    yield {"name": "singular", "s": s, "r": r, "rank": int(np.linalg.matrix_rank(r, hermitian=True))}


def class_contrast_case(rng):
    """Two classes in the notebook's steps: as many components as the first index above 99 %, S raw, R shrunk."""
    context = data(rng, 12, 30)
    a = context + np.round(0.3 * rng.normal(size=context.shape), 4)
    b = context + np.round(0.3 * rng.normal(size=context.shape), 4)
    covariances = [np.cov(rows.T) for rows in (a, b)]
    values, vectors = np.linalg.eigh(sum(covariances) / 2)
    share = np.cumsum(values[::-1]) / values.sum()
    count = int(np.argmax(share > 0.99))
    basis = vectors[:, ::-1][:, :count]
    projected = [np.cov((rows @ basis).T) for rows in (a, b)]
    gamma = 0.01
    shrunk = [(1 - gamma) * c + gamma * np.mean(np.linalg.eigvalsh(c)) * np.eye(count) for c in projected]
    case = {"a": a, "b": b, "count": count, "ranks": [int(np.linalg.matrix_rank(c, hermitian=True)) for c in projected]}
    patterns = []
    for name, signal, reference in [("a_over_b", 0, 1), ("b_over_a", 1, 0)]:
        eigenvalues, w = scipy.linalg.eigh(projected[signal], shrunk[reference])
        top = w[:, -1]
        patterns.append(basis @ shrunk[signal] @ top)
        case[name] = {
            "values": eigenvalues[::-1],
            "direction": basis @ top / np.linalg.norm(top),
            "ratio": (top @ projected[signal] @ top) / (top @ projected[reference] @ top),
        }
    case["pattern_correlation"] = abs(float(np.corrcoef(*patterns)[0, 1]))
    return case


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def main(path):
    rng = np.random.default_rng(SEED)
    cases = {
        "covariance": list(covariance_cases(rng)),
        "eigen": list(eigen_cases(rng)),
        "pca": list(pca_cases(rng)),
        "pooled_pca": pooled_case(rng),
        "svd": list(svd_cases(rng)),
        "ged": list(ged_cases(rng)),
        "class_contrast": class_contrast_case(rng),
    }
    path.write_text(json.dumps(plain(cases), separators=(",", ":")) + "\n", encoding="ascii", newline="\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
