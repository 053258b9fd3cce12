"""The texts that are offered instead of an einsum, and the section that shows them."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from equivalence import TABLE, arrays_for, plain_case, run, texts

import einloop
from einloop.analysis.equivalents import MATRIX_STEPS, equivalents
from einloop.core.arrays import ArrayAssign, ArrayNode, Matmul, Multiply, Name, ProductKind, Reverse, Sum, nodes
from einloop.core.bind import bind_sizes
from einloop.core.names import choose_names
from einloop.notation import read
from einloop.pipeline.equivalents import MAX_CALL_CHARACTERS, MAX_LINES, equivalents_section, written_equivalents
from einloop.targets.equivalents import write_equivalent, write_lines
from einloop.views.catalogue import load_catalogue


@pytest.mark.parametrize(
    ("text", "numpy", "torch"),
    [
        ("ij,jk->ik", "A @ B", "A @ B"),
        ("ij,kj->ik", "A @ B.T", "A @ B.T"),
        ("ji,jk->ik", "A.T @ B", "A.T @ B"),
        ("ij,jk->ki", "(A @ B).T", "(A @ B).T"),
        ("ij->ji", "A.T", "A.T"),
        ("ij->ij", "A", "A"),
        ("ijk->kij", "A.transpose(2, 0, 1)", "A.permute(2, 0, 1)"),
        ("ijk->kji", "A.T", "A.permute(2, 1, 0)"),
        ("...ij->...ji", "A.mT", "A.mT"),
        ("i...->...i", "np.moveaxis(A, 0, -1)", "torch.movedim(A, 0, -1)"),
        ("ij->j", "A.sum(axis=0)", "A.sum(dim=0)"),
        ("ijk->j", "A.sum(axis=(0, 2))", "A.sum(dim=(0, 2))"),
        ("ij->", "A.sum()", "A.sum()"),
        ("ii->", "np.trace(A)", "torch.trace(A)"),
        ("iij->j", "np.trace(A)", "A.diagonal().sum(dim=1)"),
        ("ii->i", "np.diagonal(A)", "A.diagonal()"),
        ("ijj->ij", "np.diagonal(A, axis1=1, axis2=2)", "A.diagonal(dim1=1, dim2=2)"),
        ("i,i->", "a @ b", "a @ b"),
        ("i,j->ij", "np.outer(a, b)", "torch.outer(a, b)"),
        ("i,j->ji", "np.outer(b, a)", "torch.outer(b, a)"),
        ("ij,ij->ij", "A * B", "A * B"),
        ("ij,ji->ij", "A * B.T", "A * B.T"),
        ("ij,j->ij", "A * b", "A * b"),
        ("ij,i->ij", "A * b[:, None]", "A * b[:, None]"),
        ("ij,ij->", "(A * B).sum()", "(A * B).sum()"),
        ("ij,ij->i", "(A * B).sum(axis=1)", "(A * B).sum(dim=1)"),
        ("ij,j->i", "A @ b", "A @ b"),
        ("i,ij->j", "a @ B", "a @ B"),
        ("i,ij,j->", "a @ B @ c", "a @ B @ c"),
        ("ij,jk,kl->il", "A @ B @ C", "A @ B @ C"),
        ("bij,bjk->bik", "A @ B", "torch.bmm(A, B)"),
        ("bij,jk->bik", "A @ B", "A @ B"),
        ("...ij,...jk->...ik", "A @ B", "A @ B"),
        ("...i,ij->...j", "A @ B", "A @ B"),
        ("bhqd,bhkd->bhqk", "A @ B.mT", "A @ B.mT"),
        ("ijk,jkl->il", "np.tensordot(A, B, axes=2)", "torch.tensordot(A, B, dims=2)"),
        ("ijk,kjl->il", "np.tensordot(A, B, axes=([1, 2], [1, 0]))", "torch.tensordot(A, B, dims=([1, 2], [1, 0]))"),
        ("ij,jk,k->i", "A @ (B @ c)", "A @ (B @ c)"),
        ("ij,jk,kl,l->i", "A @ (B @ (C @ d))", "A @ (B @ (C @ d))"),
        ("bij,bj->bi", "(A * B[:, None]).sum(axis=2)", "(A * B[:, None]).sum(dim=2)"),
        ("ijk,jr,kr->ir", "((A @ C) * B).sum(axis=1)", "((A @ C) * B).sum(dim=1)"),
        (
            "i...,i...->...",
            "(np.moveaxis(A, 0, -1) * np.moveaxis(B, 0, -1)).sum(axis=-1)",
            "(torch.movedim(A, 0, -1) * torch.movedim(B, 0, -1)).sum(dim=-1)",
        ),
        (",ij->ij", "a * B", "a * B"),
        ("->", "a", "a"),
    ],
)
def test_the_shortest_text(text: str, numpy: str, torch: str) -> None:
    case = plain_case(text)
    plain = [one for one in equivalents(case.spec, case.names) if one.kind is ProductKind.PLAIN]
    assert [texts(one)[0] for one in plain] == [numpy, torch]


@pytest.mark.parametrize(
    ("text", "einops", "einx"),
    [
        ("ij,jk->ik", 'einops.einsum(A, B, "i j, j k -> i k")', 'einx.dot("i j, j k -> i k", A, B)'),
        ("ij->ji", 'einops.rearrange(A, "i j -> j i")', 'einx.id("i j -> j i", A)'),
        ("ij->i", 'einops.reduce(A, "i j -> i", "sum")', 'einx.sum("i j -> i", A)'),
        ("ij->", 'einops.reduce(A, "i j ->", "sum")', 'einx.sum("i j ->", A)'),
        ("ii->i", 'einops.einsum(A, "i i -> i")', None),
        (",i->i", 'einops.einsum(a, b, ", i -> i")', 'einx.dot(", i -> i", a, b)'),
        (",,->", 'einops.einsum(a, b, c, ", , ->")', 'einx.dot(", , ->", a, b, c)'),
        ("C[row, for] = A[row, k] * B[k, for]", 'einops.einsum(A, B, "row k, k f -> row f")', ""),
        ("ij->ij", None, None),
    ],
)
def test_named_axes(text: str, einops: str | None, einx: str | None) -> None:
    case = plain_case(text)
    found = {one.library: texts(one)[0] for one in equivalents(case.spec, case.names) if one.kind is ProductKind.NAMED}
    assert found.get("einops") == einops
    assert einx == "" or found.get("einx") == einx


def test_an_array_given_twice_is_one_name() -> None:
    spec = read("np.einsum('ij,kj->ik', X, X)")
    names = choose_names(spec)
    assert texts(equivalents(spec, names)[0]) == ["X @ X.T"]


@pytest.mark.parametrize("name", ["np", "torch", "einops", "einx"])
def test_an_operand_called_as_a_library_hides_it(name: str) -> None:
    spec = read("ij,jk->ik").renamed((name, "B"), None)
    libraries = {one.library for one in equivalents(spec, choose_names(spec))}
    assert libraries == {"numpy", "torch", "einops", "einx"} - {"numpy" if name == "np" else name}


@pytest.mark.parametrize("path", [None, [(0, 1), (0, 1)], [(1, 2), (0, 1)], [(0, 2), (0, 1)], [(0, 1, 2)]])
@pytest.mark.parametrize("text", ["ijk,jr,kr->ir", "ij,jk,kl->il", "ab,cd,bc->ad", "i,j,k->kji", "bij,bjk,bk->bi"])
def test_a_path_changes_no_result(text: str, path: list[tuple[int, ...]] | None) -> None:
    case = plain_case(text)
    arrays = arrays_for(case, "int64")
    expected = np.einsum(text, *arrays.values())
    found = [one for one in equivalents(case.spec, case.names, path) if one.kind is ProductKind.MATMUL]
    assert [one.library for one in found] == ["numpy", "torch"]
    for code in texts(found[0]):
        got = run(code, found[0], case, arrays)
        assert got.shape == expected.shape
        assert (got == expected).all()


def test_an_exporters_form_has_no_other_steps() -> None:
    for text in TABLE:
        case = plain_case(text)
        for one in equivalents(case.spec, case.names):
            if one.kind is ProductKind.MATMUL:
                assert {node.block for node in nodes(one.tree)} <= MATRIX_STEPS, text


def section_of(text: str, *shapes: tuple[int | str, ...]) -> Any:
    spec = bind_sizes(read(text), shapes) if shapes else read(text)
    return equivalents_section(spec, choose_names(spec))


def test_every_sentence_is_in_the_catalogue_and_every_text_is_short() -> None:
    english = load_catalogue("en")
    said = set()
    for text in TABLE:
        section = section_of(text)
        assert section is not None, text
        assert section.id == "equivalents"
        assert english.text(section.title) == "The same without einsum"
        for fact in section.facts["equivalents"]:
            lines = fact["code"].splitlines()
            assert len(lines) <= MAX_LINES
            assert max(map(len, lines)) <= MAX_CALL_CHARACTERS
            said.update(fact["caveats"])
        for part in section.parts:
            for message in (part.message,) if hasattr(part, "message") else ():
                assert "{" not in english.text(message)
    assert said == {"widens", "one_dtype", "no_bools", "converts_late", "read_only", "order", "open_sizes"}


def test_the_exporters_form_stands_where_the_plain_one_is_none() -> None:
    spec = read("ijk,jkl->il")
    kinds = [(one.equivalent.library, one.equivalent.kind) for one in written_equivalents(spec, choose_names(spec))]
    assert ("numpy", ProductKind.MATMUL) in kinds
    assert ("torch", ProductKind.MATMUL) in kinds
    spec = read("ij,jk->ik")
    assert all(x.equivalent.kind is not ProductKind.MATMUL for x in written_equivalents(spec, choose_names(spec)))


def test_known_sizes_are_numbers_and_symbols_are_read() -> None:
    shown = [fact["code"] for fact in section_of("bijk,bjkl->bil", (2, 3, 4, 5), (2, 4, 5, 6)).facts["equivalents"]]
    assert shown[0] == "A.reshape(2, 3, 20) @ B.reshape(2, 20, 6)"
    shown = [
        fact["code"] for fact in section_of("bijk,bjkl->bil", ("B", 3, 4, "K"), ("B", 4, "K", 6)).facts["equivalents"]
    ]
    assert shown[0] == "A.reshape(A.shape[0], 3, -1) @ B.reshape(B.shape[0], -1, 6)"


def test_sixty_operands_have_no_short_text() -> None:
    letters = string.ascii_letters
    chain = ",".join(letters[n % 25 : n % 25 + 2] for n in range(60))
    assert section_of(chain) is None
    codes = [fact["code"] for fact in section_of(",".join(["i"] * 20) + "->i").facts["equivalents"]]
    assert codes == [" * ".join("abcdefghjklmnopqrstu")] * 2
    assert section_of(",".join(["i"] * 60) + "->i") is None


def test_nothing_but_text_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom einloop.notation import read\nfrom einloop.core.names import choose_names\n"
        "from einloop.pipeline.equivalents import equivalents_section\n"
        "spec = read('ij,jk->ik')\nassert equivalents_section(spec, choose_names(spec))\n"
        "print([name for name in ('numpy', 'opt_einsum', 'torch', 'einops', 'einx', 'black') if name in sys.modules])"
    )
    root = str(Path(einloop.__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_every_library_writes_the_nodes_of_its_trees() -> None:
    written = {library: set() for library in ("numpy", "torch", "einops", "einx")}
    for text in TABLE:
        case = plain_case(text)
        for one in equivalents(case.spec, case.names):
            written[one.library] |= {node.block for node in nodes(one.tree)}
    assert written["torch"] - written["numpy"] == {"bmm"}
    assert written["numpy"] - written["torch"] == set()
    assert written["einops"] == written["einx"] == {"name", "named_dot", "named_sum", "named_rearrange"}


def test_a_library_without_the_macro_offers_nothing() -> None:
    case = plain_case("bij,bjk->bik")
    torch = next(one for one in equivalents(case.spec, case.names) if one.library == "torch")
    assert write_equivalent(torch.tree, "torch") == "torch.bmm(A, B)"
    assert write_equivalent(torch.tree, "numpy") is None
    assert write_equivalent(Reverse(array=torch.tree), "numpy") is None
    assert write_lines([ArrayAssign(name="C", array=torch.tree)], "numpy") is None


A, B, C = (Name(name=name) for name in "ABC")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (Matmul(left=Matmul(left=A, right=B), right=C), "A @ B @ C"),
        (Matmul(left=A, right=Matmul(left=B, right=C)), "A @ (B @ C)"),
        (Matmul(left=Multiply(left=A, right=B), right=C), "(A * B) @ C"),
        (Multiply(left=Matmul(left=A, right=B), right=C), "(A @ B) * C"),
        (Multiply(left=A, right=Multiply(left=B, right=C)), "A * (B * C)"),
        (Reverse(array=Multiply(left=A, right=B)), "(A * B).T"),
        (Sum(array=Reverse(array=Matmul(left=A, right=B)), axes=None), "(A @ B).T.sum()"),
        (Matmul(left=Sum(array=Multiply(left=A, right=B), axes=(0,)), right=C), "(A * B).sum(axis=0) @ C"),
    ],
)
def test_parentheses(tree: ArrayNode, text: str) -> None:
    assert write_equivalent(tree, "numpy") == text
