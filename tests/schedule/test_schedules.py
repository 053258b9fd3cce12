"""Schedules: what each pass makes of a nest, what is refused and where, and that no schedule changes a result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DOTS, expressions, subscripts

import einloop
from einloop.core.errors import OptionError
from einloop.core.options import Options
from einloop.pipeline.expression import read_spec
from einloop.pipeline.page import render
from einloop.pipeline.stages import stages
from einloop.schedule import PASSES, read_schedule
from einloop.views.catalogue import read_entries

MADE = (
    (
        "ij,jk->ik",
        "order(i,k,j) tile(i,32) tile(k,8) accumulate",
        """
I, J = A.shape
J, K = B.shape
C = np.zeros((I, K))
for i0 in range(0, I, 32):
    for k0 in range(0, K, 8):
        for i in range(i0, min(i0 + 32, I)):
            for k in range(k0, min(k0 + 8, K)):
                total = 0.0
                for j in range(J):
                    total += A[i, j] * B[j, k]
                C[i, k] = total
""",
    ),
    (
        "ij,kl->il",
        "presum",
        """
I, J = A.shape
K, L = B.shape
# 3 steps instead of one nest of I * J * K * L iterations
# step 1: T1 from A, summed over j: I * J iterations
T1 = np.zeros(I)
for i in range(I):
    for j in range(J):
        T1[i] += A[i, j]
# step 2: T2 from B, summed over k: K * L iterations
T2 = np.zeros(L)
for k in range(K):
    for l in range(L):
        T2[l] += B[k, l]
# step 3: C from T1 and T2: I * L iterations
C = np.zeros((I, L))
for i in range(I):
    for l in range(L):
        C[i, l] = T1[i] * T2[l]
""",
    ),
    (
        "ij,jk,k->i",
        "path((1,2),(0,1)) order(output)",
        """
I, J = A.shape
J, K = B.shape
K = len(c)
# 2 steps instead of one nest of I * J * K iterations
# step 1: T1 from B and c, summed over k: J * K iterations
T1 = np.zeros(J)
for j in range(J):
    for k in range(K):
        T1[j] += B[j, k] * c[k]
# step 2: d from A and T1, summed over j: I * J iterations
d = np.zeros(I)
for i in range(I):
    for j in range(J):
        d[i] += A[i, j] * T1[j]
""",
    ),
    (
        "iij,j->i",
        "order(output) rows",
        """
I, I, J = A.shape
J = len(b)
A_rows = A.diagonal(axis1=0, axis2=1).T.tolist()
b_rows = b.tolist()
c_rows = []
for A_i in A_rows:
    total = 0.0
    for A_ij, b_j in zip(A_i, b_rows):
        total += A_ij * b_j
    c_rows.append(total)
c = np.array(c_rows).reshape(I)
""",
    ),
)


@pytest.mark.parametrize(("text", "schedule", "source"), MADE, ids=[row[1] for row in MADE])
def test_passes(text, schedule, source):
    generated = einloop.generate(text, schedule=schedule)
    assert generated.source == source.removeprefix("\n")
    assert einloop.verify(generated)


MANY = "abcdefghijklmnopqrstu"
CLOSED = "{} must stand before {}, which changes what the loops hold"
EARLY = "{} must stand before the passes that transform loops"
REFUSED = (
    ("ij,jk->ik", "foo(x)", "EL433", "there is no pass 'foo'", (0, 6)),
    ("ij,jk->ik", "order(output) + 3", "EL433", "here a schedule should name a pass", (14, 17)),
    ("ij,jk->ik", "tile(i)", "EL433", "tile with 1 argument", (0, 7)),
    ("ij,jk->ik", "tile(z,4)", "EL433", "'z' is not an index (there are i, j, k)", (0, 9)),
    ("ij,jk->ik", "tile(i,1)", "EL433", "'1' is not a size of a block", (0, 9)),
    ("ij,jk->ik", "tile(i,4) tile(i,2)", "EL433", "'i' is cut into blocks already", (10, 19)),
    ("...i->...i", "tile(...,4)", "EL433", "'...' stands for a number of axes that is unknown", (0, 11)),
    ("ij,jk->ik", "order(output) accumulate accumulate", "EL433", CLOSED.format("accumulate", "accumulate"), (25, 35)),
    (
        "ij,jk->ik",
        "order(output) accumulate tile(j,8)",
        "EL433",
        "'j' is summed in a running total, inside the loops of the result: tile before accumulate",
        (25, 34),
    ),
    ("ij,jk->ik", "order(output) rows order(i,j,k)", "EL433", CLOSED.format("order", "rows"), (19, 31)),
    (
        "ij,jk->ik",
        "order(output) rows tile(i,8)",
        "EL433",
        "tile does not go with rows, which walks whole rows",
        (19, 28),
    ),
    (
        "ij,jk->ik",
        "tile(i,8) rows",
        "EL433",
        "rows does not go with tile: it walks whole rows, and tile cuts them",
        (10, 14),
    ),
    ("ij,jk->ik", "rows", "EL433", "rows needs the free indices outside the summed ones", (0, 4)),
    ("ij->ji", "rows", "EL433", "rows makes the result row by row, in the order of its indices", (0, 4)),
    (
        f"{MANY}->a",
        " ".join(f"tile({index},2)" for index in MANY),
        "EL433",
        "tile nests 21 loops, and the target takes at most 20",
        (90, 99),
    ),
    ("ij,jk,k->i", "order(output) path(auto)", "EL433", EARLY.format("path"), (14, 24)),
    ("ij,jk,k->i", "order(output) presum", "EL433", EARLY.format("presum"), (14, 20)),
    (
        "ij,jk->ik",
        "tile(j,8) accumulate",
        "EL409",
        "a running total needs the free indices outside; in the order j,i,j,k the free 'i' runs inside the summed 'j'",
        (10, 20),
    ),
    ("ij,jk->ik", "order(i)", "EL408", "order 'i' must name each index once: i, j, k", (0, 8)),
    ("...i->...i", "rows", "EL407", "nested lists have no ellipsis: how deep they nest must be known", (0, 4)),
    ("ij,j,k->i", "path((0,1))", "EL431", "the path leaves 2 arrays of 3; its last step must leave one", (0, 11)),
    (
        "ij,jk,k->i",
        "path((0,3),(0,1))",
        "EL431",
        "step 1 of the path takes (0,3), but there are 3 arrays left, in places 0 to 2",
        (0, 17),
    ),
    ("ij,jk,k->i", "path(best)", "EL431", "'best' is not a path", (0, 10)),
)


@pytest.mark.parametrize(("text", "schedule", "id", "message", "span"), REFUSED, ids=[row[1] for row in REFUSED])
def test_refusals(text, schedule, id, message, span):
    with pytest.raises(OptionError) as caught:
        einloop.generate(text, schedule=schedule)
    assert (caught.value.id, caught.value.message, caught.value.span) == (id, message, span)


def test_a_pass_that_nobody_wrote_has_no_place():
    for options in ({"order": "j,i"}, {"schedule": "order(j,i)"}):
        with pytest.raises(OptionError) as caught:
            einloop.generate("ij->i", style="scalar", **options)
        assert (caught.value.id, caught.value.span) == ("EL409", None)


@pytest.mark.parametrize(
    ("options", "id", "message"),
    [
        (
            {"order": "output", "schedule": "order(ikj)"},
            "EL434",
            "--order output beside a schedule that has order itself",
        ),
        ({"path": "auto", "schedule": "path(greedy)"}, "EL434", "--path auto beside a schedule that has path itself"),
        (
            {"style": "fast", "schedule": "accumulate"},
            "EL434",
            "style 'fast' is the schedule 'order(output) rows' itself, and --schedule is given beside it",
        ),
        ({"schedule": 3}, "EL470", "schedule is an int: 3"),
    ],
)
def test_options_that_contradict_each_other(options, id, message):
    with pytest.raises(OptionError) as caught:
        einloop.generate("ij,jk->ik", **options)
    assert (caught.value.id, caught.value.message) == (id, message)


def test_a_missing_opt_einsum_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opt_einsum", None)
    with pytest.raises(OptionError, match="opt_einsum, which finds paths, is not installed") as caught:
        einloop.generate("i,i,i->i", path="auto")
    assert caught.value.id == "EL432"
    assert einloop.generate("i,i,i->i", path="(0,1),(0,1)")


def test_every_pass_reads_as_its_usage_says():
    for one in PASSES:
        (command,) = read_schedule(one.usage)
        assert command.name == one.name
        assert len(command.arguments) in one.arguments


def test_stages_show_every_pass_with_its_reason():
    options = Options(schedule=("auto",))
    report = stages(read_spec("ij,jk,kl,m->il", options), options)
    assert [section.facts["pass"] for section in report.sections] == [
        None, "presum", "path(auto)", "order(output)", "accumulate",
    ]  # fmt: skip
    sources = [section.facts["source"] for section in report.sections]
    assert len(set(sources)) == 5
    assert sources[-1] == einloop.generate("ij,jk,kl,m->il", schedule="auto").source
    page = render(report, "text", "en")
    said = " ".join(page.split())
    assert "accumulate: adds up in a local variable and writes each element of the result once. A local" in said
    for one in PASSES:
        assert f"schedule.pass.{one.name}" in read_entries("en")


def test_a_pass_that_changes_nothing_says_so():
    options = Options(schedule=("order(appearance)",))
    page = render(stages(read_spec("ij->ji", options), options), "text", "en")
    assert "order(appearance): changes nothing here." in page


def test_a_list_of_schedules_is_one():
    parts = ["order(i,k,j)", "accumulate"]
    assert einloop.generate("ij,jk->ik", schedule=parts).source == einloop.generate("ij,jk->ik", style="scalar").source


@st.composite
def schedules(draw, labels, operands):
    """Draw a schedule that is legal for any expression with these labels."""
    words = [*(["presum"] if draw(st.booleans()) else [])]
    if operands > 1 and draw(st.booleans()):
        places, left = [], operands
        while left > 1:
            taken = draw(st.lists(st.integers(0, left - 1), min_size=2, max_size=min(3, left), unique=True))
            places.append(f"({','.join(map(str, taken))})")
            left += 1 - len(taken)
        words.append(f"path({','.join(places)})")
    end = draw(st.sampled_from(("", "order(output) accumulate", "order(output) rows")))
    if end.endswith("rows"):
        return " ".join([*words, end])
    named = [label for label in labels if label != DOTS]
    cut = draw(st.lists(st.sampled_from(named), unique=True, max_size=3)) if named and not end else []
    words += [f"tile({label},{draw(st.sampled_from((2, 3, 50)))})" for label in cut]
    if not end and draw(st.booleans()):
        words.append(f"order({','.join(draw(st.permutations(labels)))})" if labels else "order(output)")
    return " ".join([*words, end]).strip()


@given(st.data())
def test_no_schedule_changes_a_result(data):
    expression = data.draw(expressions(most_operands=5))
    text = data.draw(subscripts(expression))
    shapes = expression.shapes if expression.stretched or data.draw(st.booleans()) else None
    spec = einloop.generate(text, shapes=shapes).spec
    schedule = data.draw(schedules([index.label for index in spec.indices], len(spec.operands)))
    options = {"shapes": shapes, "schedule": schedule}
    if DOTS in spec.output and "rows" in schedule:
        with pytest.raises(OptionError, match="nested lists have no ellipsis"):
            einloop.generate(text, **options)
        return
    if "rows" not in schedule and data.draw(st.booleans()):
        options["function"] = "f"
    found = einloop.verify(text, **options)
    assert found, f"einloop {text!r} --schedule {schedule!r} {options}\n{found}"


ROWS_DTYPES = (
    ({"dtypes": "int8"}, "int8: Python's integers do not wrap"),
    ({"dtypes": "bool"}, "bool: Python's integers do not wrap"),
    ({"dtypes": "object"}, "object: Python's integers do not wrap"),
    ({"function": "f"}, "every dtype, which functions take"),
)


@pytest.mark.parametrize(("options", "reason"), ROWS_DTYPES)
def test_rows_is_refused_where_python_adds_up_otherwise(options, reason):
    with pytest.raises(OptionError, match=f"rows is for floats and complex numbers, not for {reason}") as caught:
        einloop.generate("ij,jk->ik", schedule="order(output) rows", **options)
    assert caught.value.id == "EL433"


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", "complex64", "clongdouble"])
def test_rows_is_right_for_floats(dtype):
    found = einloop.verify("ij,jk->ik", schedule="order(output) rows", dtypes=dtype, function="f")
    assert found, str(found)
