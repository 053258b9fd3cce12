"""The passes for compiled targets: what each makes of a nest, what is refused, and that none changes a result."""

import ctypes
import os
import random
import subprocess

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from layouts import Case, random_case

import einloop
from einloop.core.errors import OptionError
from einloop.core.machine import COMMON, Machine
from einloop.core.nest import StatementKind, heads_of
from einloop.core.options import Options
from einloop.pipeline.expression import read_spec
from einloop.pipeline.show import generate
from einloop.runners.compiler import find_compiler
from einloop.schedule.classify import MAX_POINTS_TINY

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="no C compiler")

MADE = (
    (
        "ijk,ijk->",
        ["2x3x4", "2x3x4"],
        "canonicalise",
        """
*c = 0;
for (ptrdiff_t ijk = 0; ijk < 24; ijk++) {
    c[0] += A[ijk] * B[ijk];
}
""",
    ),
    (
        "iij,j->i",
        ["3x3x1", "1"],
        "canonicalise",
        """
for (ptrdiff_t i = 0; i < 3; i++) {
    c[i] = A[i * 4] * b[0];
}
""",
    ),
    (
        "ij,kj->ik",
        ["5x40", "6x40"],
        "canonicalise order(i,k,j) accumulate vectorise",
        """
for (ptrdiff_t i = 0; i < 5; i++) {
    for (ptrdiff_t k = 0; k < 6; k++) {
        double total = 0;
        double lanes[16] = {0};
        for (ptrdiff_t j0 = 0; j0 < 32; j0 += 16) {
            for (ptrdiff_t j = 0; j < 16; j++) {
                lanes[j] += A[i * 40 + j0 + j] * B[k * 40 + j0 + j];
            }
        }
        for (ptrdiff_t j = 0; j < 8; j++) {
            lanes[j] += A[i * 40 + j + 32] * B[k * 40 + j + 32];
        }
        for (ptrdiff_t j = 0; j < 8; j++) {
            lanes[j] += lanes[j + 8];
        }
        for (ptrdiff_t j = 0; j < 4; j++) {
            lanes[j] += lanes[j + 4];
        }
        for (ptrdiff_t j = 0; j < 4; j++) {
            total += lanes[j];
        }
        C[i * 6 + k] = total;
    }
}
""",
    ),
    (
        "ij,jk->ik",
        ["4x5", "5x6"],
        "canonicalise order(i,j,k) accumulate unroll(j,2)",
        """
for (ptrdiff_t i = 0; i < 4; i++) {
    double totals[6] = {0};
    for (ptrdiff_t j = 0; j < 4; j += 2) {
        for (ptrdiff_t k = 0; k < 6; k++) {
            totals[k] += A[i * 5 + j] * B[j * 6 + k] + A[i * 5 + j + 1] * B[j * 6 + k + 6];
        }
    }
    for (ptrdiff_t j = 0; j < 1; j++) {
        for (ptrdiff_t k = 0; k < 6; k++) {
            totals[k] += A[i * 5 + j + 4] * B[j * 6 + k + 24];
        }
    }
    for (ptrdiff_t k = 0; k < 6; k++) {
        C[i * 6 + k] = totals[k];
    }
}
""",
    ),
    (
        "bi,bi->b",
        ["100x3", "100x3"],
        "canonicalise classify accumulate unroll",
        """
for (ptrdiff_t b = 0; b < 100; b++) {
    c[b] = A[b * 3] * B[b * 3] + A[b * 3 + 1] * B[b * 3 + 1] + A[b * 3 + 2] * B[b * 3 + 2];
}
""",
    ),
    (
        "ij->ji",
        ["40x50"],
        "canonicalise order(j,i) tile(i,16)",
        """
for (ptrdiff_t i0 = 0; i0 < 40; i0 += 16) {
    for (ptrdiff_t j = 0; j < 50; j++) {
        for (ptrdiff_t i = 0; i < (40 - i0 < 16 ? 40 - i0 : 16); i++) {
            C[j * 40 + i0 + i] = A[i0 * 50 + i * 50 + j];
        }
    }
}
""",
    ),
    (
        "ij->i",
        ["40x50"],
        "canonicalise accumulate parallel(i,2)",
        """
#ifdef _OPENMP
#pragma omp parallel for num_threads(2)
#endif
for (ptrdiff_t i = 0; i < 40; i++) {
    double total = 0;
    for (ptrdiff_t j = 0; j < 50; j++) {
        total += A[i * 50 + j];
    }
    c[i] = total;
}
""",
    ),
    (
        "ij,j->",
        ["40x50", "50"],
        "canonicalise order(j,i) accumulate",
        """
double total = 0;
for (ptrdiff_t j = 0; j < 50; j++) {
    for (ptrdiff_t i = 0; i < 40; i++) {
        total += A[i * 50 + j] * b[j];
    }
}
c[0] = total;
""",
    ),
)


def loops(source):
    """Return what stands inside the function of a C text, not indented."""
    lines = source[source.index(")\n{\n") + 4 : source.rindex("}")].splitlines()
    return "\n" + "".join(f"{line.removeprefix('    ')}\n" for line in lines)


@pytest.mark.parametrize(("text", "shapes", "schedule", "source"), MADE, ids=[f"{row[0]} {row[2]}" for row in MADE])
def test_passes(text, shapes, schedule, source):
    generated = einloop.generate(text, target="c", shapes=shapes, schedule=schedule)
    assert loops(generated.source) == source
    if find_compiler() is not None:
        found = einloop.verify(generated)
        assert found, str(found)


NO_STRIDES = "{} looks at strides, which the loops do not have"
REFUSED = (
    ("python", "canonicalise", "EL433", "canonicalise is not for this target, which addresses elements by their axes"),
    ("python", "parallel(i)", "EL433", "parallel is not for this target, which runs in one thread"),
    (
        "python",
        "canonicalise pack",
        "EL433",
        "canonicalise is not for this target, which addresses elements by their axes",
    ),
    ("python", "pack", "EL433", "pack is not for this target, which has no text for kernels"),
    ("c", "pack", "EL433", NO_STRIDES.format("pack")),
    ("c", "vectorise", "EL433", NO_STRIDES.format("vectorise")),
    ("c", "unroll(i)", "EL433", "unroll counts with strides, which the loops do not have"),
    ("c", "tile", "EL433", "tile decides by strides, which the loops do not have"),
    ("c", "order(memory)", "EL433", "order(memory) compares strides, which the loops do not have"),
    ("c", "classify", "EL433", "classify compares strides, which the loops do not have"),
    ("c", "tile(i,2) canonicalise", "EL433", "canonicalise must stand before the passes that transform loops"),
    ("c", "canonicalise unroll(z)", "EL433", "'z' is not an index (there are i, j, k)"),
    ("c", "canonicalise unroll(i,1)", "EL433", "'1' is not a number of iterations"),
    ("c", "canonicalise unroll(i)", "EL433", "'i' has 200 iterations, too many to write out"),
    ("c", "canonicalise tile(i,4) unroll(i,2)", "EL433", "'i' is cut into blocks"),
    ("c", "parallel(j)", "EL433", "'j' is summed: two threads would add to the same element of the result"),
    ("c", "parallel(i,0)", "EL433", "'0' is not a number of threads"),
    ("c", "parallel(z)", "EL433", "'z' is not an index (there are i, j, k)"),
    (
        "c",
        "canonicalise vectorise order(i,j,k)",
        "EL433",
        "order must stand before vectorise, which changes what the loops hold",
    ),
    ("c", "canonicalise pack tile(i,8)", "EL433", "tile must stand before pack, which changes what the loops hold"),
    (
        "c",
        "canonicalise order(i,k,j) accumulate vectorise unroll(k,2)",
        "EL433",
        "unroll must stand before vectorise, which changes what the loops hold",
    ),
)


@pytest.mark.parametrize(("target", "schedule", "id", "message"), REFUSED, ids=[f"{r[0]} {r[1]}" for r in REFUSED])
def test_refusals(target, schedule, id, message):
    with pytest.raises(OptionError) as caught:
        einloop.generate("ij,jk->ik", target=target, shapes=["200x9", "9x9"], schedule=schedule)
    assert (caught.value.id, caught.value.message) == (id, message)


def test_nothing_is_scheduled_where_nothing_is_to_be_done():
    report = einloop.stages("i,j->", target="c", shapes=["99", "0"], schedule="auto")
    assert [section.facts["pass"] for section in report.sections] == [None, "canonicalise", "order(appearance)"]
    classified = einloop.generate("ij->", target="c", shapes=["99x0"], schedule="canonicalise classify")
    assert [stage.kind for stage in classified.program.nest.stages] == [StatementKind.EMPTY]


def test_unknown_extents_have_no_strides():
    with pytest.raises(OptionError, match="canonicalise computes with strides, and the extent of i, j is not known"):
        einloop.generate("ij->i", target="c", schedule="canonicalise")
    assert "total" in einloop.generate("ij->i", target="c", schedule="auto").source


def test_a_nest_that_is_no_product_is_not_packed():
    with pytest.raises(OptionError, match="no nest is a product of two float or complex matrices"):
        einloop.generate("ij->i", target="c", shapes=["9x9"], schedule="canonicalise pack")
    with pytest.raises(OptionError, match="no nest is a product of two float or complex matrices"):
        einloop.generate(
            "ij,jk->ik", target="c", shapes=["99x99", "99x99"], dtypes="int32", schedule="canonicalise pack"
        )


@pytest.mark.parametrize("option", [{"schedule": "tile(i,8)"}, {"order": "output"}])
def test_a_style_that_decides_itself_takes_no_schedule(option):
    with pytest.raises(OptionError, match="style 'fast' is the schedule 'auto' itself") as caught:
        einloop.generate("ij->i", target="c", style="fast", **option)
    assert caught.value.id == "EL434"


KINDS_OF_COMPLEX = (
    (["99x99", "99x99"], StatementKind.PRODUCT),
    (["999x9", "9x9"], StatementKind.MEMORY),
    (["24x9", "9x24"], StatementKind.PRODUCT),
)


@pytest.mark.parametrize(("shapes", "kind"), KINDS_OF_COMPLEX)
def test_complex_products_are_packed_where_writing_out_pays(shapes, kind):
    generated = einloop.generate("ij,jk->ik", target="c", shapes=shapes, dtypes="complex64", schedule="auto")
    assert [stage.kind for stage in generated.program.nest.stages] == [kind]


@needs_compiler
@pytest.mark.parametrize("dtype", ["float64", "complex64", "complex128"])
def test_a_script_of_a_packed_product_agrees_with_plain_loops(tmp_path, dtype):
    made = einloop.generate(
        "ij,jk->ik", target="c", shapes=["30x31", "31x32"], dtypes=dtype, schedule="auto", script=True
    )
    (tmp_path / "script.c").write_text(made.source)
    command = [*find_compiler().command, "-O2", "-Wall", "-Wextra", "-Werror", "script.c", "-o", "script", "-lm"]
    subprocess.run(command, check=True, cwd=tmp_path)
    done = subprocess.run([tmp_path / "script"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "equal to plain loops\n")


KINDS = (
    ("ij,jk->ik", ["99x99", "99x99"], [StatementKind.PRODUCT]),
    ("ij,jk->ik", ["4x4", "4x4"], [StatementKind.TINY]),
    ("bij,bjk->bik", ["999x4x4", "999x4x4"], [StatementKind.TINY]),
    ("ij,jk->ik", ["5x99", "99x99"], [StatementKind.MEMORY]),
    ("ij->ji", ["99x99"], [StatementKind.PERMUTATION]),
    ("ij,ij->ij", ["99x99", "99x99"], [StatementKind.MEMORY]),
    ("ij,jk,k->i", ["99x99", "99x99", "99"], [StatementKind.MEMORY, StatementKind.MEMORY]),
    ("ij,jk,kl->il", ["99x99", "99x99", "99x99"], [StatementKind.PRODUCT, StatementKind.PRODUCT]),
)


@pytest.mark.parametrize(("text", "shapes", "kinds"), KINDS)
def test_kinds(text, shapes, kinds):
    generated = einloop.generate(text, target="c", shapes=shapes, schedule="auto")
    assert [stage.kind for stage in generated.program.nest.stages] == kinds


ORDERED = (
    ("cab->bc", ["30x40x50"], ["c", "a", "b"]),
    ("bca->cb", ["30x17x300"], ["b", "c", "a0", "a"]),
    ("dc,cdba->cab", ["31x27", "27x31x27x83"], ["c", "d", "a0", "b", "a"]),
    ("ij->i", ["200x1000"], ["i", "j0", "j"]),
)


@pytest.mark.parametrize(("text", "shapes", "loops"), ORDERED, ids=[row[0] for row in ORDERED])
def test_orders_that_memory_asks_for(text, shapes, loops):
    generated = einloop.generate(text, target="c", shapes=shapes, schedule="auto")
    assert list(dict.fromkeys(head.index for head in heads_of(generated.program.nest.body))) == loops


WITHOUT_SIZES = (
    ("ij,jk->ik", ["i", "j", "k"]),
    ("ji,jk->ik", ["j", "i", "k"]),
    ("kj,ki->ij", ["k", "i", "j"]),
    ("ij,kj->ik", ["i", "j", "k"]),
    ("ij,jk->ki", ["i", "j", "k"]),
    ("ij,j->i", ["i", "j"]),
    ("ij->j", ["i", "j"]),
    ("ji->j", ["j", "i"]),
    ("ij->ji", ["j", "i"]),
    ("iij->j", ["i", "j"]),
    ("iij,i->j", ["i", "j"]),
    ("kii->i", ["k", "i"]),
    ("ijk->j", ["j", "i", "k"]),
    ("bqhd,bkhd->bhqk", ["b", "q", "h", "d", "k"]),
    ("qhd,khd->hqk", ["q", "h", "d", "k"]),
    ("ij,ij->", ["i", "j"]),
    ("i->", ["i"]),
)


@pytest.mark.parametrize(("text", "loops"), WITHOUT_SIZES, ids=[row[0] for row in WITHOUT_SIZES])
def test_orders_that_last_axes_ask_for(text, loops):
    generated = einloop.generate(text, target="c", style="fast")
    assert list(dict.fromkeys(head.index for head in heads_of(generated.program.nest.body))) == loops
    plain = einloop.generate(text, order="axes")
    assert [head.index for head in heads_of(plain.program.nest.body)] == loops


def test_an_axis_that_is_stretched_is_no_last_axis():
    generated = einloop.generate("kji,ki->j", target="c", shapes=[("K", "J", 1), ("K", 7)], order="axes")
    assert [head.index for head in heads_of(generated.program.nest.body)] == ["k", "i", "j"]
    assert einloop.verify("kji,ki->j", target="c", shapes=[("K", "J", 1), ("K", 7)], style="fast")


def test_stages_tell_the_kind_and_show_the_kernel_last():
    report = einloop.stages("ij,jk->ik", target="c", shapes=["64x64", "64x64"], schedule="auto")
    page = " ".join(report.show().split())
    assert "C is shaped like a matrix product, 64 rows by 64 columns, each a sum of 64 products" in page
    assert page.index("totals[k] +=") < page.index("pack: puts a packed kernel in place of the loops.")
    assert [section.facts["pass"] for section in report.sections][1:] == [
        "canonicalise", "classify", "order(memory)", "tile", "accumulate", "unroll", "vectorise", "pack",
    ]  # fmt: skip


MACHINES = (
    COMMON,
    Machine(),
    Machine(vector_bytes=64, registers=32, fused=True),
    Machine(level1=2048, level2=4096),
)
QUICK = ("-O1", "-shared", "-fPIC", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Wno-psabi")


def run(case, folder, *, machine=COMMON, schedule="auto", flags=QUICK, threads=1):
    """Return what the C text of a case gives."""
    options = Options(
        target="c",
        shapes=tuple((None, array.shape) for array in case.arrays),
        dtypes=tuple((None, case.dtype) for _ in case.arrays),
        strides=case.strides,
        schedule=(schedule,),
        machine=machine,
        threads=threads,
    )
    generated = generate(read_spec(case.subscripts, options), options)
    path = os.path.join(folder, f"{abs(hash((case.subscripts, schedule, machine))):x}")
    with open(f"{path}.c", "w", encoding="utf-8") as file:
        file.write(generated.source)
    subprocess.run([*find_compiler().command, *flags, f"{path}.c", "-o", f"{path}.so", "-lm"], check=True)
    function = ctypes.CDLL(f"{path}.so").loops
    function.argtypes = [ctypes.c_void_p] * (len(case.arrays) + 1)
    function.restype = ctypes.c_int
    expected = np.asarray(np.einsum(case.subscripts, *case.arrays))
    # what is not written stays seven
    result = np.full(expected.shape, 7).astype(case.dtype)
    code = function(*(array.ctypes.data for array in case.arrays), result.ctypes.data)
    assert not (generated.program.nest.fallible and code)
    return result, expected


def same(result, expected):
    if result.dtype.kind in "biu":
        return np.array_equal(result, expected)
    loose = result.dtype == np.float16
    return np.allclose(result, expected, rtol=2e-2 if loose else 1e-4, atol=0.1 if loose else 1e-4)


@needs_compiler
@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_the_schedule_that_decides_itself_changes_no_result(tmp_path_factory, seed):
    case = random_case(seed)
    machine = random.Random(seed).choice(MACHINES)
    result, expected = run(case, tmp_path_factory.mktemp("auto"), machine=machine)
    assert same(result, expected), f"seed {seed}: {case.subscripts}, {case.dtype}, strides {case.strides}"


@needs_compiler
@settings(max_examples=30)
@example(seed=3971224)  # tile, of one operand by strides and others by axes: jj,jjjj->j
@example(seed=1088345286)  # unroll after unroll(j,3), of a loop over blocks and of what is left of it: ii,j->
@given(seed=st.integers(0, 2**32))
def test_no_schedule_changes_a_result(tmp_path_factory, seed):
    case = random_case(seed)
    schedule = random_schedule(seed, case)
    try:
        result, expected = run(case, tmp_path_factory.mktemp("random"), schedule=schedule)
    except OptionError:
        return
    assert same(result, expected), f"seed {seed}: {case.subscripts} --schedule {schedule!r}"


def random_schedule(seed, case):
    """Return passes in any order and number; many are refused."""
    rng = random.Random(seed)
    labels = sorted(set(case.subscripts) - set(",->"))
    label = (lambda: rng.choice(labels)) if labels else (lambda: "i")
    words = ["canonicalise"] if rng.random() < 0.85 else []
    words += rng.sample(["presum", "path(auto)", "classify"], rng.randint(0, 3))
    words += ["order(output)" if rng.random() < 0.7 else "order(memory)"]
    choices = (
        lambda: f"tile({label()},{rng.choice((2, 3, 8, 50))})", lambda: "accumulate", lambda: "unroll",
        lambda: f"unroll({label()},{rng.choice((2, 3, 4))})", lambda: f"unroll({label()})", lambda: "vectorise",
        lambda: "pack", lambda: f"parallel({label()},2)", lambda: "tile", lambda: "order(output)",
    )  # fmt: skip
    words += [rng.choice(choices)() for _ in range(rng.randint(0, 4))]
    return " ".join(words)


@needs_compiler
def test_sanitizers_find_nothing(tmp_path):
    flags = ("-g", "-O1", "-shared", "-fPIC", "-std=gnu11", "-fsanitize=undefined", "-fno-sanitize-recover=all")
    probe = tmp_path / "probe.c"
    probe.write_text("int one(void) { return 1; }\n")
    command = [*find_compiler().command, *flags, probe, "-o", tmp_path / "probe.so"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this compiler has no sanitizers")
    for case in [*map(random_case, range(10)), drawn_product("ij,jk->ik", [(29, 23), (23, 31)], "complex64")]:
        result, expected = run(case, tmp_path, flags=flags)
        assert same(result, expected)


def drawn_product(text, shapes, dtype):
    """Return a case of small whole numbers, the last axis of each operand reversed."""
    rng = np.random.default_rng(0)
    arrays = [rng.integers(-3, 4, shape).astype(dtype) for shape in shapes]
    if dtype.startswith("complex"):
        for array in arrays:
            array.imag = rng.integers(-3, 4, array.shape)
    return Case(subscripts=text, arrays=tuple(array[..., ::-1] for array in arrays), dtype=dtype)


@needs_compiler
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize(
    ("text", "shapes", "shares"),
    [
        ("ij,jk->ik", [(64, 40), (40, 30)], 2),
        ("bij,bkj->bik", [(4, 25, 40), (4, 26, 40)], 4),
        ("ij,jk->ik", [(61, 40), (40, 31)], 1),
    ],
)
def test_threads_take_shares_of_a_product(tmp_path, text, shapes, shares, dtype):
    case = drawn_product(text, shapes, dtype)
    options = Options(
        target="c",
        shapes=tuple((None, shape) for shape in shapes),
        dtypes=tuple((None, dtype) for _ in shapes),
        schedule=("auto",),
        threads=2,
    )
    generated = generate(read_spec(text, options), options)
    assert [kernel.threads for kernel in generated.program.nest.kernels] == [shares]
    result, expected = run(case, tmp_path, threads=2)
    assert np.array_equal(result, expected)


def test_few_iterations_are_tiny():
    kinds = {}
    for extent in (MAX_POINTS_TINY, MAX_POINTS_TINY + 1):
        generated = einloop.generate("i,i->", target="c", shapes=[str(extent)] * 2, schedule="auto")
        kinds[extent] = generated.program.nest.stages[0].kind
    assert kinds == {MAX_POINTS_TINY: StatementKind.TINY, MAX_POINTS_TINY + 1: StatementKind.MEMORY}


def test_steps_pay_where_one_is_a_product_worth_packing():
    """One nest has hardly more iterations than the steps, but none of its loops can be packed."""
    generated = einloop.generate("ij,jk,k->ik", target="c", shapes=["40x40", "40x40", "40"], schedule="auto")
    assert StatementKind.PRODUCT in [stage.kind for stage in generated.program.nest.stages]
