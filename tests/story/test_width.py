"""Stories as text are never wider than the screen, and nothing of their values is lost where grids are folded."""

from __future__ import annotations

import numpy as np
import pytest

from einloop import cli
from einloop.core.visible import columns

EXPRESSIONS = [
    ("ij,jk->ik", [(5, 6), (6, 7)]),
    ("bimd,bind->bimn", [(2, 1, 3, 5), (2, 1, 2, 5)]),
    ("i,i->", [(9,), (9,)]),
    (",->", [(), ()]),
    ("ii->i", [(4, 4)]),
]
TOO_LONG = (
    "long_batch head_of_attention query, long_batch head_of_attention key -> long_batch query key head_of_attention"
)


@pytest.mark.parametrize("width", [None, 40, 100])
@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(("text", "shapes"), EXPRESSIONS)
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_no_line_is_wider_than_the_screen(text, shapes, lang, width, dtype, tmp_path, monkeypatch, capsys):  # noqa: PLR0917
    monkeypatch.delenv("COLUMNS", raising=False)
    if width is not None:
        monkeypatch.setenv("COLUMNS", str(width))
    rng, words = np.random.default_rng(7), []
    for number, shape in enumerate(shapes):
        values = rng.normal(size=shape) * 100 + (1j * rng.normal(size=shape) if dtype == "complex128" else 0)
        path = tmp_path / f"{number}.npy"
        np.save(path, values.astype(dtype))
        words += ["--load", str(path)]
    assert cli.main(["trace", text, "--story", "--lang", lang, *words]) == 0
    said = capsys.readouterr().out
    assert max(sum(map(columns, line)) for line in said.splitlines()) <= (width or 80), said
    if dtype != "complex128":
        assert all(repr(x.item()).removesuffix(".0") in said for x in np.load(tmp_path / "0.npy").ravel())


@pytest.mark.parametrize("width", [40, 80])
def test_long_names_and_code_go_on_below(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    assert cli.main(["trace", TOO_LONG, "--story", "--notation", "named"]) == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= width, said
    assert "".join(said.split()).startswith("".join(TOO_LONG.split()))


def test_a_folded_grid_says_which_columns_stand_where(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    np.save(tmp_path / "a.npy", np.arange(16).reshape(2, 8) * 1001001)
    assert cli.main(["trace", "ij->ij", "--story", "--load", str(tmp_path / "a.npy")]) == 0
    said = capsys.readouterr().out
    assert (
        "  A[i, j]\n  j=0-3\n        0  1001001   2002002   3003003\n  8008008  9009009  10010010  11011011\n\n"
        "  j=4-6\n   4004004   5005005   6006006\n  12012012  13013013  14014014\n\n  j=7\n   7007007\n  15015015\n"
        in said
    )
