"""Pasted statements and the snippets for them, run side by side: a snippet does what the statement did, and no more."""

from __future__ import annotations

import ast
import os
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import einloop
from einloop.core.errors import EinloopError
from einloop.notation.call.kinds import is_loose, seen, shown_dtype

EXAMPLES = int(os.environ.get("EINLOOP_FUZZ", "0")) // 10 or 60
NAMES = (
    "A",
    "B",
    "C",
    "I",
    "J",
    "K",
    "i",
    "j",
    "k",
    "n",
    "a",
    "c",
    "x",
    "total",
    "n_i",
    "A_i",
    "C_i",
    "I_",
    "dtype",
    "at",
)
"""Variables of the person who pastes: those that loops would like to use."""
SUBSCRIPTS = (
    "ij,jk->ik",
    "ij,jk",
    "ij,ij->",
    "ii,ij->j",
    "ij->ji",
    "...i,...i->...",
    "ki,kj->ij",
    "ij,jk,kl->il",
    "ii->i",
)
STYLES = ("article", "scalar", "fast")


def namespace() -> dict[str, Any]:
    """Return what the person's variables hold: square arrays of whole numbers, so that every expression fits."""
    rng = np.random.default_rng(0)
    return {
        "np": np,
        **{name: rng.integers(-4, 5, (3, 3)).astype(float) for name in NAMES},
        "self": SimpleNamespace(q=rng.integers(-4, 5, (3, 3)).astype(float), out=np.zeros((3, 3))),
        "d": {"k": rng.integers(-4, 5, (3, 3)).astype(float), "r": np.zeros((3, 3))},
        "box": [rng.integers(-4, 5, (3, 3)).astype(float) for _ in range(4)],
    }


VALUES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(
        (
            "self.q", "self.q.T", "box[0]", "d['k']", "[[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]", "np.ones((3, 3))",
            "box[1][:, ::-1]", "(lambda i: i)(box[2])", "np.array([[float(k) for k in range(3)] for j in range(3)])",
            "sum(box)", "A.tolist()", "list(self.q)", "tuple(B)", "(x - I).tolist()", "[list(v) for v in C]",
            "[range(3), (2, 0, 1), range(1, 4)]", "(A.tolist())[:]", "[*B]", "(A if True else [[1.0]])",
            "[[1j, 2, 3]] * 3", "[[True, False, True]] * 3", "A > 0", "d['k'] * 1j", "(A > 0) & (B < 1)", "~(A > 0)",
            "B.astype('int8')", "np.array([[1, 2, 3]] * 3, dtype='f4')", "A.astype(complex).T", "2 * (A > 1)",
            "[box[0][0], box[0][1], box[0][2]]", "abs(d['k'])",
        )
    ),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(("-", "*", "@")), st.sampled_from(NAMES)).map(" ".join),
    st.sampled_from(NAMES).map("{}.T".format),
    st.sampled_from(NAMES).map("-{}".format),
)  # fmt: skip
TARGETS = st.one_of(
    st.sampled_from(NAMES).map("{} = ".format),
    st.sampled_from(("", "self.out = ", "d['new'] = ", "box[3] = ", "C[...] = ", "sum = ", "out: object = ")),
    st.sampled_from(("x = y = ", "C += ", "self.q -= ", "I *= ", "box[0] += ", "self.new: object = ", "r, = a, = ")),
)
AROUND = st.sampled_from(
    (
        "{}",
        "{}",
        "{}",
        "{}",
        "{}  # C and I",
        "\n{}\n",
        "import os\n{}",
        "{} - C",
        "{}.T",
        "({})",
        "print({})",
        "n = 3\n{}",
    )
)


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, str, str]:
    """Return a statement with an einsum call, the call's text, and what stands around the call."""
    subscripts = draw(st.sampled_from(SUBSCRIPTS))
    count = subscripts.split("->")[0].count(",") + 1
    arguments = [draw(VALUES) for _ in range(count)]
    if draw(st.booleans()) and count > 1:
        arguments[-1] = arguments[0]
    elif count > 1 and draw(st.integers(0, 9)) == 0:
        form = draw(st.sampled_from(("*[{}]", "*({})", "*list(({}))")))
        last = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2)) if "list" in form else arguments[-2:]
        arguments[-2:] = [form.format(", ".join(last))]
    call = f"np.einsum('{subscripts}', {', '.join(arguments)})"
    around = draw(AROUND)
    target = draw(TARGETS)
    if target.startswith("r,"):
        call = f"np.einsum('...i->...i', [{draw(st.sampled_from(NAMES))}])"
    lead, _, tail = around.partition("{}")
    lead, inner = lead.rsplit("\n", 1) if "\n" in lead else ("", lead)
    return f"{lead}{chr(10) if lead else ''}{target}{inner}{call}{tail}", call, around


def assigned(text: str) -> set[str]:
    """Return the names that the statements of a text bind or change."""
    found = set()
    for statement in ast.parse(text).body:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        for target in targets:
            root = target
            while isinstance(root, ast.Attribute | ast.Subscript | ast.Starred):
                root = root.value
            found |= {node.id for node in ast.walk(root) if isinstance(node, ast.Name)} if root is not None else set()
    return found


def same(one: Any, two: Any) -> bool:
    """Return whether two values hold the same."""
    if isinstance(one, SimpleNamespace):
        return same(vars(one), vars(two))
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, np.ndarray | np.generic | int | float):
        one, two = np.asarray(one), np.asarray(two)
        return one.shape == two.shape and one.dtype.kind == two.dtype.kind and bool(np.all(one == two))
    return one is two or type(one) is type(two)


def words(text: str) -> set[str]:
    """Return the variables in a text."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def compare(text: str, **options: Any) -> str | None:
    """Run a statement and its snippet in copies of one namespace; return what differs, None where nothing does."""
    expected, got, before = namespace(), namespace(), namespace()
    try:
        exec(text, expected)
    except (ValueError, TypeError, AttributeError):
        return None  # no statement of a person who pastes
    snippet = einloop.generate(text, **options).source
    exec(snippet, got)
    targets = assigned(text)
    for name in sorted(words(text) & before.keys() - {"np"}):
        wanted = expected[name] if name in targets else before[name]
        if not same(got[name], wanted):
            return f"{name} is {got[name]}, not {wanted}, after:\n{snippet}"
    for name in sorted(targets):
        if not same(got[name], expected[name]):
            return f"{name} is {got[name]}, not {expected[name]}, after:\n{snippet}"
    return None


def options_for(call: str, style: str, *, checks: bool, extra: str) -> dict[str, Any]:
    """Return options that the call's expression allows."""
    options: dict[str, Any] = {"style": style, "checks": checks}
    if extra == "path" and "..." not in call and "*" not in call:
        options["path"] = "auto"
    elif extra == "tile" and "ij" in call and style == "article":
        options["schedule"] = "tile(i,2)"
    return options


EXTRAS = st.sampled_from(("", "path", "tile"))
GIVEN = st.one_of(st.just([]), st.lists(st.sampled_from(NAMES), max_size=1, unique=True))


# a complex value put into a real array is cast with a warning, by the statement and by its snippet alike
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
@given(statement=statements(), style=st.sampled_from(STYLES), checks=st.booleans(), extra=EXTRAS, named=GIVEN)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_snippet_does_what_the_statement_did(
    statement: tuple[str, str, str], style: str, checks: bool, extra: str, named: list[str]
) -> None:
    text, call, around = statement
    options = options_for(call, style, checks=checks, extra=extra)
    if named and "*" not in call:
        options["names"] = named[: call.split("->")[0].count(",") + 1]
    try:
        if einloop.generate(text, **options).spec.source.notation.traits.code:
            return  # what more there is was read as code: the loops are those of all of it
        differs = compare(text, **options)
    except EinloopError as refusal:
        error = refusal
    except TypeError as refusal:
        # a style for few dtypes computes in the common one, and its checks then refuse integers that the text shows
        if (style, checks) != ("fast", True) or "these loops are for" not in str(refusal):
            raise
        return
    else:
        assert differs is None, f"{text!r} {options}: {differs}"
        return
    alone = around.replace("  # C and I", "").replace("import os", "").strip() in ("{}", "({})")
    refused = error.id in ("EL160", "EL162") if not alone else error.id.startswith("EL4")
    # the whole is read as code
    refused = refused or error.id.startswith("EL8") or error.id in ("EL433", "EL435", "EL471")
    refused = refused or (error.id == "EL139" and "at once" in error.message and bool(options.get("names")))
    assert refused, f"{text!r} {options}: {error}"


PRINTED = [
    ("np.einsum('ij,ij->i', a-b, a-b)", "X = a - b\nI, J = X.shape\n", "c[i] += X[i, j] * X[i, j]\n"),
    ("C[ik] = np.einsum('nl->n', A[ik])", "A_ik = A[ik]\n", "\nC[ik] = C_ik\n"),
    ("self.out = np.einsum('i->', self.q)", "self_q = self.q\n", "\nself.out = self_out\n"),
    ("return np.einsum('i->', [1, 2])", "a = np.asarray([1, 2])\n", "\nreturn c\n"),
    ("C -= np.einsum('ij->i', A.T)", "A_T = A.T\n", "\nC -= C_\n"),
    ("x, (y, z) = np.einsum('ij->j', A)", "I, J = A.shape\n", "\nx, (y, z) = c\n"),
    ("x = y = np.einsum('i->', f(2.5)['k'])", 'f_2_5_k = f(2.5)["k"]\n', "\nx = y = c\n"),
    ("y = (x := np.einsum('i->', a))", "y_ = 0\n", "\ny = (x := y_)\n"),
    ("x = np.einsum('i->i', a, out=b)", "I = len(a)\n", "\nb[...] = x_\nx = b\n"),
    ("b = np.einsum('i->i', a, out=b)", "I = len(a)\n", "\nb[...] = b_\n"),
    ("np.einsum('i->i', a, out=None)", "I = len(a)\n", "c[i] = a[i]\n"),
    ("sum = np.einsum('i->', len)", None, None),
    ("sum = np.einsum('ij->', max)", "max_ = max\n", "\nsum = sum_\n"),
    ("np.einsum('i,j', *x)", "a, b = x\n", "C[i, j] = a[i] * b[j]\n"),
    ("np.einsum('i,j', y, *x)", "(a,) = x\n", "C[i, j] = y[i] * a[j]\n"),
    ("np.einsum('ij', [[1, n], b[0]])", "A = np.asarray([[1, n], b[0]])\n", "C[i, j] = A[i, j]\n"),
    ("D = np.einsum('ij,j->i', A.tolist(), x)", "A_tolist = np.asarray(A.tolist())\n", "+= A_tolist[i, j] * x[j]\n"),
    ("np.einsum('ij->j', list(A))", "list_A = np.asarray(list(A))\n", "c[j] += list_A[i, j]\n"),
    ("np.einsum('i->', f(x))", "f_x = np.asarray(f(x))\n", "c += f_x[i]\n"),
    ("np.einsum('i->', np.exp(x))", "np_exp_x = np.exp(x)\n", "c += np_exp_x[i]\n"),
    ("np.einsum('i->', x.copy())", "x_copy = x.copy()\n", "c += x_copy[i]\n"),
    ("np.einsum('i,j', *map(f, x))", "a, b = map(np.asarray, map(f, x))\n", "C[i, j] = a[i] * b[j]\n"),
    ("np.einsum('i,i', a, (a := b))", "a_ = a\n", "d += a_[i] * c[i]\n"),
    ("np.einsum('i->', i)", "c = 0\n", "c += i[i_]\n"),
    ("np.einsum('i->', a, optimize=I)", "c = 0\nn_i = len(a)\n", "c += a[i]\n"),
]
"""Statement → how its snippet begins and ends; None: refused."""


@pytest.mark.parametrize(("text", "head", "tail"), PRINTED, ids=[text for text, *_ in PRINTED])
def test_printed(text: str, head: str | None, tail: str | None) -> None:
    if head is None or tail is None:
        with pytest.raises(EinloopError) as caught:
            einloop.generate(text)
        assert caught.value.id == "EL139"
        return
    source = einloop.generate(text).source
    assert source.startswith(head), source
    assert source.endswith(tail), source
    assert einloop.verify(einloop.generate(text))


def test_the_lines_around_the_loops_are_as_black_leaves_them() -> None:
    from black import Mode, format_str

    for text, head, _ in PRINTED:
        if head is not None:
            source = einloop.generate(text).source
            assert format_str(source, mode=Mode(line_length=88)) == source


def test_a_returned_call_in_a_function() -> None:
    text = "def f(c, j):\n    return np.einsum('ij,jk->ki', c, j.T)"
    snippet = "".join(f"    {line}\n" for line in einloop.generate(text).source.splitlines())
    spaces: list[dict[str, Any]] = [{"np": np}, {"np": np}]
    exec(text, spaces[0])
    exec(f"def f(c, j):\n{snippet}", spaces[1])
    c, j = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(4, 3)
    assert np.array_equal(spaces[0]["f"](c, j), spaces[1]["f"](c, j))


def test_running_a_snippet_takes_the_arrays_themselves() -> None:
    generated = einloop.generate("C[k] = np.einsum('ij->i', self.q)")
    assert generated.inputs == ("self_q",)
    assert np.array_equal(generated.run(np.ones((2, 3))), [3, 3])  # type: ignore[arg-type]
    given = [np.ones((2, 3)), np.ones((3, 2), "float32")]
    text = "C = np.einsum('ij,jk->ik', A, B)"
    assert einloop.verify(text, arrays=given, dtypes=["float64", "float32"], checks=True)
    assert "A = np" not in einloop.generate(text, checks=True).source


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("np.einsum('i,i', a, b)", {"names": ["x", "x"]}),
        ("_ = np.einsum('ij->i', range)", {}),
        ("np.einsum('ij->i', np)", {}),
        ("_[0] = np.einsum('ij,jk->ik', a, b)", {"shapes": [(2, 3), (1, 4)]}),
    ],
)
def test_loops_that_cannot_take_the_place_of_the_call_are_refused(text: str, options: dict[str, Any]) -> None:
    with pytest.raises(EinloopError) as caught:
        einloop.generate(text, **options)
    assert caught.value.id == "EL139"


def test_names_that_are_given_are_assigned() -> None:
    source = einloop.generate("c = np.einsum('ij,ij', a, b)", names=["len", "b"]).source
    assert source.startswith("len_ = a\nc = 0\nI, J = len_.shape\n")
    swapped = einloop.generate("c = np.einsum('ij,ij', a, b)", names=["b", "a"]).source
    assert swapped.startswith("b_ = a\na_ = b\n")


def test_functions_keep_their_parameters() -> None:
    source = einloop.generate("C[ik] = np.einsum('nl->n', A[ik])", function="f").source
    assert "def f(A_ik: np.ndarray)" in source
    assert "C[ik]" not in source


def test_text_of_a_template_of_ones_own_without_the_lines_still_runs(tmp_path: Any) -> None:
    folder = tmp_path / "python"
    folder.mkdir()
    (folder / "snippet.j2").write_text("{{ body -}}\n")
    generated = einloop.generate("C[k] = np.einsum('ij->i', self.q)", templates=tmp_path)
    assert "self.q" not in generated.source
    assert np.array_equal(generated.run(np.ones((2, 3))), [3, 3])  # type: ignore[arg-type]


ALONE = "np.einsum('ij,jk->ik', a, b)"
MORE = [
    (f"{ALONE}.T", "EL160"),
    (f"x = {ALONE} - C", "EL160"),
    (f"print({ALONE})", "EL160"),
    (f"if {ALONE}.any():", "EL160"),
    (f"{ALONE} + np.einsum('ij,jk->ik', a, c)", "EL161"),
    (f"x = {ALONE}\nx = x.T", "EL162"),
    (f"for a in c:\n    x = {ALONE}", "EL162"),
    (f"x += {ALONE}", "EL163"),
]
SIZES = [(2, 3), (3, 4)]


REFUSED = [text for text, _ in MORE if text.startswith(("print", "if"))]
"""The texts that are no sum of einsums either."""


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_of_a_text_with_more_than_a_call(text: str) -> None:
    refusing = {
        "function": lambda: einloop.generate(text, function="f"),
        "script": lambda: einloop.generate(text, script=True),
        "c": lambda: einloop.generate(text, target="c", shapes=SIZES),
        "diff": lambda: einloop.diff(text, ALONE),
        "diff after": lambda: einloop.diff("ij,jk->ik", text),
        "equivalent": lambda: einloop.equivalent(text, ALONE),
        "why": lambda: einloop.why(text, at=(0, 0)),
        "verify": lambda: einloop.verify(text),
        "verify source": lambda: einloop.verify(text, source="r = a @ b"),
        "compile": lambda: einloop.compile(text, target="numpy"),
        "bench": lambda: einloop.bench(text, shapes=SIZES, targets=["python"], seconds=0.01),
    }
    refusing["show"] = lambda: einloop.generate(text)
    for name, call in refusing.items():
        with pytest.raises(EinloopError) as caught:
            call()
        assert (caught.value.id, caught.value.text) == ("EL160", text), name
        assert caught.value.span is not None
        assert caught.value.hint


@pytest.mark.parametrize(("text", "id_"), MORE, ids=[text for text, _ in MORE])
def test_what_is_said_of_a_text_with_more_than_a_call(text: str, id_: str) -> None:
    for format in ("text", "comment", "markdown", "html", "json", "latex"):
        for lang in ("en", "ja"):
            assert id_ in einloop.explain(text).show(format, lang), (format, lang)
    report = einloop.check(text)
    assert report.findings[0].id == id_
    assert id_ in report.show()


@pytest.mark.parametrize(
    "lead", ["", "x = ", "self.x: int = ", "return ", "x = y = ", "x, y = ", "import numpy\n", "# x\n"]
)
def test_an_assignment_or_a_comment_is_no_more_than_the_call(lead: str) -> None:
    assert einloop.equivalent(f"{lead}{ALONE}  # y", ALONE)
    assert not einloop.explain(f"{lead}{ALONE}\n").findings


def test_what_a_formula_adds_to() -> None:
    text = "x1[i] += A[i,j]*y[j]"
    note = "the loops start from zeros: what x1[i] held before is not added (--add: it is)"
    assert einloop.generate(text).notes == (note,)
    page = einloop.explain(text)
    assert [finding.id for finding in page.findings] == ["EL164"]
    assert "what x1[i] held before is not added" in page.show()
    assert page.facts["unread"] == {"ids": ["EL164"]}
    assert einloop.check(text).findings[0].id == "EL164"
    assert einloop.equivalent(text, "ij,j->i")
    assert einloop.generate("x1[i] = A[i,j]*y[j]").notes == ()


@pytest.mark.parametrize("text", ["np.einsum('ij->i', a, out=z)", "x = np.einsum('ij->i', a, out=self.z[0])"])
def test_loops_that_write_to_the_array_given_do_not_say_that_they_leave_it_out(text: str) -> None:
    snippet = einloop.generate(text)
    assert "[...] = " in snippet.source
    assert any(note.startswith("out=") for note in snippet.notes) is False
    assert any(note.startswith("out=") for note in einloop.generate(text, function="f").notes)
    assert "optimize=True is not part of the loops" in einloop.generate(f"{text[:-1]}, optimize=True)").notes


def test_where_an_augmented_assignment_is_kept_is_said() -> None:
    assert not einloop.equivalent(f"x += {ALONE}", ALONE)
    assert "x +=" in einloop.generate(f"x += {ALONE}").source


SEEN = (
    "True", "3", "-3", "2.5", "1j", "[1, 2]", "[1, 2.5]", "[True, 2]", "[[True], [False]]", "[1, 1j]", "(1, 2)", "[]",
    "[-9223372036854775808, 1]", "[18446744073709551615, 1]", "[2**3, 1]", "A > 0", "(A > 0) & (A < 2)", "~(A > 0)",
    "(A > 0) * 2", "(A > 0) * 1.5", "(A > 0) + (A < 1)", "(A > 0) / 2", "(A > 0) ** 2", "1j * A", "1j * (A > 0)",
    "A + 0j", "-1j * A.T", "(1j * A)[0]", "(1j * A).T", "(1j * A).real", "(1j * A).imag", "abs(1j * A)",
    "np.abs(1j * A)", "np.angle(1j * A)", "np.exp(1j * A)", "np.conj(1j * A)", "np.fft.fft(A)", "np.fft.fft(A)[:, 0]",
    "np.sqrt(A > 0)", "A.astype(complex)", "A.astype('f4')", "A.astype(np.float32).T * 2", "A.astype('f4') * 1j",
    "A.astype(bool)", "A.astype('i1') * 2", "A.astype('i1') * 2.0", "A.astype('i1') / A.astype('i1')",
    "A.astype('i1').sum(0)", "A.astype('u2').sum(0)", "(A > 0).sum(0)", "(A > 0).mean(0)", "A.astype('f2').mean(0)",
    "A.astype('i1').max(0)", "A.astype('c8').std()", "np.float32(3)", "np.int8([1, 2])", "np.float32(A)",
    "np.ones(3)", "np.ones((2, 2), int)", "np.zeros(3, dtype='c8')", "np.eye(2, 3)", "np.full((2, 2), 1j)",
    "np.full(2, 7)", "np.arange(3)", "np.arange(3.0)", "np.array([1, 2])", "np.array([1, 2], 'f4')",
    "np.asarray([True])", "np.where(A > 0, 1j, 0)", "np.where(A > 0, 1, 0)", "np.isnan(A)", "np.logical_and(A, A)",
    "A.argsort()", "np.concatenate([[1, 2], [3]])", "np.zeros_like(A > 0)", "np.einsum('ij->', A > 0)",
    "np.dot(A, 1j * A)", "A @ A.astype('c8')", "list(range(3))", "range(3)", "tuple([1.5])",
    "[[0 for k in range(3)]]", "(A > 0).tolist()", "A.astype('f4').tolist()", "list(A.astype('f4'))",
    "1j if n else 2", "[1] * 3", "[True] * 3",
    "2 * [[1.5]]", "[True] + [False]", "[1, 2] * A", "[1] + [2.5]", "int(n)", "complex(n)", "A.view(complex)",
    "A.astype('f4')[0] if n else (A > 0)", "np.linalg.inv(A + 1j)", "np.random.rand(2)",
    "np.random.randint(3, size=2)", "(A > 0).T.reshape(4)", "not n",
)  # fmt: skip
"""Expressions of a float64 array A and a number n."""


@pytest.mark.parametrize("text", SEEN)
def test_the_dtype_that_a_text_shows_is_that_of_its_value(text: str) -> None:
    value = eval(text, {"np": np, "A": np.array([[1.0, 2.0], [-3.0, 5.0]]), "n": 2})
    assert seen(ast.parse(text, mode="eval").body).dtype == np.asarray(value).dtype.name


@pytest.mark.parametrize(
    "text",
    ["x", "self.q", "box[0].T", "f(x)", "x.real", "2 * x", "-x @ y", "x.copy()", "[x, 1.0]", "np.sin(x)", "f(1j * x)"],
)
def test_a_text_that_shows_no_dtype(text: str) -> None:
    assert shown_dtype(ast.parse(text, mode="eval").body) is None


LOOSE = (
    "x.tolist()[1:]",
    "f(x)", "x.tolist()", "list(x)", "range(3)", "[x]", "(x, y)", "[a for a in x]", "{1}", "-f(x)", "[1] * 3",
    "x.f()", "np.split(x, 2)", "np.shape(x)", "x.copy().tolist()", "x or [1]", "(a := [1])", "x if y else [1]",
)  # fmt: skip
ARRAYS = (
    "x", "self.q", "x[0]", "x.T", "x + y", "-x", "x > 0", "np.ones(3)", "x.copy()", "x.astype(int).T", "3", "f(x)[0]",
    "np.linalg.inv(x)", "x.T.reshape(3, 4) @ y", "torch.rand(3)",
)  # fmt: skip


@pytest.mark.parametrize(("text", "loose"), [(x, True) for x in LOOSE] + [(x, False) for x in ARRAYS])
def test_what_may_be_no_array(text: str, loose: bool) -> None:
    assert is_loose(ast.parse(text, mode="eval").body) is loose


VALUED = (
    "np.einsum('ij,jk', [[True, False]] * 2, 2 * [(True, True)])", "np.einsum('i,j', *[1j * v for v in A])",
    "np.einsum('i,i', *[v > 0 for v in A])", "np.einsum('i,j', x, *[x > 0])", "np.einsum('i,i', *[[1, 2], (3, 4)])",
    "np.einsum('i,j,k', 1j * x, *A)", "np.einsum('i,j,k', *A, 1j * x)", "np.einsum('i,j', *map(list, A))",
    "np.einsum('ij->', A > 0)", "np.einsum('ij->i', (A > 0) | (A < -2))",
    "np.einsum('ij,j->i', [[True, False]], [True, True])", "np.einsum('ij,j->i', [[1, 2], [3, 4]], [5, 6])",
    "np.einsum('ij,j->i', 1j * A, x)", "np.einsum('ij->j', A.astype(complex))",
    "np.einsum('ij,j->i', A.astype('f4'), np.float32(x))", "np.einsum('i,->i', [1j, 2], 3)",
    "np.einsum('i,->', [1, 2], True)", "np.einsum('i,i->', x.astype('i1'), range(2))",
    "np.einsum('i,i', np.fft.fft(x), x)", "np.einsum('ij->ji', A > 0)",
    "np.einsum('ij,jk->ik', A.tolist(), list(A.T))", "np.einsum('...,...', A > 0, A < 9)",
    "np.einsum('i->', x, dtype=None)", "np.einsum('i,i', [300, 2], np.array([100, 1], dtype='u1'))",
    "np.einsum('ii->i', 2 * (A > 0))",
)  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("call", VALUED)
def test_a_snippet_gives_the_value_and_the_dtype_of_the_call(call: str, style: str) -> None:
    spaces: list[dict[str, Any]] = [
        {"np": np, "A": np.array([[1.0, 2.0], [-3.0, 5.0]]), "x": np.array([3.0, -2.0])} for _ in range(2)
    ]
    exec(f"r = {call}", spaces[0])
    try:
        generated = einloop.generate(f"r = {call}", style=style)
    except EinloopError as refusal:
        if (refusal.id, style) != ("EL410", "fast"):
            raise
        return
    exec(generated.source, spaces[1])
    assert same(spaces[1]["r"], spaces[0]["r"]), generated.source
    assert einloop.verify(generated)


def test_what_is_said_of_dtypes_that_the_text_shows_in_part() -> None:
    text = "r = np.einsum('ij,j->i', 1j * A, B.x)"
    assert einloop.generate(text).notes == (
        "A is complex128 by its text; B_x is taken as float64 (--dtype, dtypes= say otherwise)".replace("A is", "C is"),
    )
    assert einloop.generate(text, dtypes="complex64").notes == ()
    assert einloop.generate(text, dtypes="complex64").contract.dtypes == ("complex64", "complex64")
    assert einloop.generate(text, dtypes={"B_x": "float32"}).contract.dtypes == ("complex128", "float32")
    assert einloop.generate("r = np.einsum('ij->', A > 0)").notes == ()
    with pytest.raises(EinloopError) as caught:
        einloop.generate("np.einsum('ij->i', A > 0)", style="lists")
    assert caught.value.id == "EL410"


@pytest.mark.parametrize("at", [{"at": 0}, {"at": 1, "shapes": [(2, 3), (3,)]}])
def test_why_says_that_a_formula_adds_to_what_is_not_read(at: dict[str, Any]) -> None:
    page = einloop.why("x1[i] += A[i,j]*y[j]", **at)
    assert [finding.id for finding in page.findings] == ["EL164"]
    assert "what x1[i] held before is not added" in page.show()
    assert "EL164" not in einloop.why("x1[i] = A[i,j]*y[j]", **at).show()
    assert page.sections[0].id == "unread"
