"""A classification tree: which levels lead to points of interest [@breiman1984]."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.boxes import is_text, stepped
from sim.analysis.restrictions import AMONG, AT_LEAST, AT_MOST, Restriction

if TYPE_CHECKING:
    import pandas as pd

FOLDS, DEEPEST, MOST_LEAVES = 5, 4, 12
#: A leaf holds at least this share of the points, and this number.
LEAST_MASS, LEAST_IN_LEAF = 0.02, 10

Path = tuple[Restriction, ...]


def leaves(levels: pd.DataFrame, interest: np.ndarray, seed: int) -> list[Path]:
    """Grow a tree and cut it back to the smallest that predicts as well as the best.

    Gini's impurity; cost-complexity pruning by five-fold cross-validation of the squared error of
    the predicted chance, with the rule of one standard error.  scikit-learn [@pedregosa2011].

    Randomness: the folds, from `seed`.

    Returns
    -------
    list of tuple of Restriction
        A leaf each; a single one without restrictions where the tree is but its root.
    """
    from sklearn.tree import DecisionTreeClassifier

    if min(interest.sum(), (~interest).sum()) < FOLDS:
        return [()]
    table, columns = _table(levels)
    least = max(LEAST_IN_LEAF, int(LEAST_MASS * len(levels)))

    def tree(alpha: float) -> Any:
        return DecisionTreeClassifier(
            max_depth=DEEPEST,
            max_leaf_nodes=MOST_LEAVES,
            min_samples_leaf=least,
            ccp_alpha=alpha,
            random_state=seed % 2**32,
        )

    path = np.maximum(tree(0.0).cost_complexity_pruning_path(table, interest).ccp_alphas, 0.0)
    # Between two steps of the path the tree is the same; their mean stands for it [@breiman1984].
    alphas = [*np.sqrt(path[:-1] * path[1:]), path[-1]]
    chosen = tree(_pruning(tree, alphas, table, interest, seed)).fit(table, interest)
    return _paths(chosen.tree_, levels, columns)


def _pruning(
    tree: Callable[[float], Any],
    alphas: list[float],
    table: np.ndarray,
    interest: np.ndarray,
    seed: int,
) -> float:
    """Return the strongest pruning whose error is within one standard error of the least."""
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed % 2**32)
    errors = np.empty((len(alphas), len(interest)))
    for own, other in folds.split(table, interest):
        for k, alpha in enumerate(alphas):
            fitted = tree(alpha).fit(table[own], interest[own])
            errors[k, other] = (fitted.predict_proba(table[other])[:, 1] - interest[other]) ** 2
    means = errors.mean(axis=1)
    best = int(means.argmin())
    limit = means[best] + errors[best].std(ddof=1) / np.sqrt(len(interest))
    return alphas[int(np.flatnonzero(means <= limit).max())]


def _table(levels: pd.DataFrame) -> tuple[np.ndarray, list[tuple[str, Any]]]:
    """Return the levels as numbers, a column a factor or, of texts, a column a text."""
    blocks, columns = [], []
    for name in levels.columns:
        if not is_text(levels[name]):
            blocks.append(levels[name].to_numpy(np.float64))
            columns.append((name, None))
            continue
        for text in levels[name].unique().tolist():
            blocks.append((levels[name] == text).to_numpy(np.float64))
            columns.append((name, text))
    return np.column_stack(blocks), columns


def _paths(tree: Any, levels: pd.DataFrame, columns: list[tuple[str, Any]]) -> list[Path]:
    """Return the restrictions on the way to each leaf."""
    found: list[Path] = []

    def walk(node: int, limits: dict[tuple[str, str], Any]) -> None:
        if tree.children_left[node] < 0:
            found.append(tuple(Restriction(*key, limit) for key, limit in limits.items()))
            return
        name, text = columns[tree.feature[node]]
        sides = (tree.children_left[node], tree.children_right[node])
        if text is None:
            below, above = _cut(levels[name], float(tree.threshold[node]))
            walk(sides[0], {**limits, (name, AT_MOST): below})
            walk(sides[1], {**limits, (name, AT_LEAST): above})
            return
        left = limits.get((name, AMONG), tuple(levels[name].unique().tolist()))
        walk(sides[0], {**limits, (name, AMONG): tuple(x for x in left if x != text)})
        walk(sides[1], {**limits, (name, AMONG): (text,)})

    walk(0, {})
    return found


def _cut(column: pd.Series, cut: float) -> tuple[float, float]:
    """Return the largest level below a cut and the least above; between many levels, the cut."""
    at = stepped(column)
    if at is None:
        return cut, float(np.nextafter(cut, np.inf))
    return float(at[at <= cut].max()), float(at[at > cut].min())
