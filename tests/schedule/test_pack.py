"""Packed kernels: what the plan decides, and what the compiled text computes."""

import ctypes
import mmap
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from packing import (
    AVX2,
    AVX512,
    BASELINE,
    COMPILER,
    MACHINES,
    ROOT,
    TINY,
    case,
    compiled,
    library,
    matrices,
    random_case,
    run,
    text,
)

from einloop.core.kernel import Axis, KernelStep, Packing, Tile
from einloop.core.machine import Machine

needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler (cc, gcc)")
DTYPES = ("float64", "float32")
ORDERS = ("ij,jk->ik", "ij,kj->ik", "ji,jk->ik", "ij,jk->ki", "ji,kj->ki")


def check(folder, cases, *flags):
    """Compile the kernels together, and compare every one with np.einsum, exactly."""
    loaded = library(folder, cases, *flags)
    for number, one in enumerate(cases):
        memory, expected = run(getattr(loaded, f"call_{number}"), one)
        assert np.array_equal(memory, expected), (number, one)


@needs_compiler
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("machine", MACHINES)
def test_random_kernels(machine, dtype, tmp_path):
    # kernels for wide vectors take a compiler two to five times as long where the machine has none
    count = 10 if machine == "avx512" else 25
    check(tmp_path, [random_case(seed, MACHINES[machine], dtype) for seed in range(count)], "-O1")


@needs_compiler
@pytest.mark.parametrize("dtype", ["complex128", "complex64"])
@pytest.mark.parametrize("machine", ["avx2", "tiny"])
def test_random_kernels_of_complex_numbers(machine, dtype, tmp_path):
    check(tmp_path, [random_case(seed, MACHINES[machine], dtype) for seed in range(500, 515)], "-O1")


@needs_compiler
def test_random_kernels_as_they_are_shipped(tmp_path):
    cases = [random_case(seed, Machine.detect(), dtype) for seed in range(100, 104) for dtype in DTYPES]
    check(tmp_path, cases, "-O3", "-march=native")


@needs_compiler
def test_random_kernels_without_the_machine_s_own_vectors(tmp_path):
    check(tmp_path, [random_case(seed, BASELINE, dtype) for seed in range(200, 204) for dtype in DTYPES], "-O3")


@needs_compiler
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("still", "signs"), [(0.0, (-1,)), (0.0, (1, -1)), (0.5, (1,)), (0.4, (1, -1)), (1.0, (1,))])
def test_indices_that_run_backwards_or_stay(still, signs, dtype, tmp_path):
    """Reversed axes; and axes along which an operand is repeated, a contracted one that the other alone has."""
    cases = [
        random_case(seed, (AVX2, TINY)[seed % 2], dtype, still=still, signs=signs, limit=3000)
        for seed in range(400, 420)
    ]
    check(tmp_path, cases, "-O1")


@needs_compiler
@pytest.mark.parametrize("machine", ["avx2", "avx512", "tiny"])
def test_one_index_of_a_product_runs_backwards_or_stays(machine, tmp_path):
    groups = {
        "rows": Axis(name="i", extent=19, left=37, target=23),
        "columns": Axis(name="k", extent=23, right=1, target=1),
        "contracted": Axis(name="j", extent=37, left=1, right=23),
    }
    cases = [
        case(MACHINES[machine], "float64", **{n: (axis,) for n, axis in (groups | {which: changed}).items()})
        for which, axis in groups.items()
        for array in ("left", "right", "target")
        for scale in (0, -1)
        if (changed := replace(axis, **{array: getattr(axis, array) * scale})) != axis
        and (array, scale) != ("target", 0)
    ]
    assert len(cases) == 10
    check(tmp_path, cases, "-O1")


@needs_compiler
@pytest.mark.parametrize("order", ORDERS)
def test_edges(order, tmp_path):
    """Every number of rows and of columns up to two tiles and one more; the tile of the baseline is small."""
    tile = matrices(BASELINE, "float64", (64, 64, 64), order).plan
    most = 2 * max(tile.panel, tile.tile.columns) + 1
    cases = [
        matrices(BASELINE, "float64", (i, j, k), order)
        for i, j, k in [(n, 1 + n % 5, 1 + 7 * n % most) for n in range(1, most + 1)]
    ]
    check(tmp_path, cases, "-O0")


@needs_compiler
@pytest.mark.parametrize("dtype", DTYPES)
def test_edges_of_wide_vectors(dtype, tmp_path):
    extents = [(n, 3, 1 + 5 * n % 23) for n in (*range(1, 18), 23, 24, 25, 39, 40, 41, 47, 48, 49, 63, 64, 65)]
    cases = [matrices(AVX512, dtype, each, ORDERS[n % len(ORDERS)]) for n, each in enumerate(extents)]
    check(tmp_path, cases, "-O0")


def spread(dtype, machine):
    """Return kernels that failed once or are likely to."""
    i, k = Axis(name="i", extent=9, left=5, target=7), Axis(name="k", extent=7, right=1, target=1)
    j = Axis(name="j", extent=5, left=1, right=7)
    column = (Axis(name="n", extent=5, right=1, target=1000),)
    strides = [(1, 8, 2), (32, 1, 8), (32, 4, 1), (16, 2, 32), (1, 2, 16), (3, 6, 48)]
    three = [
        case(
            machine,
            dtype,
            rows=(
                Axis(name="a", extent=2, left=288, target=x),
                Axis(name="b", extent=8, left=36, target=y),
                Axis(name="c", extent=4, left=9, target=z),
            ),
            columns=column,
            contracted=(Axis(name="d", extent=9, left=along, right=5),),
        )
        for along in (1, 600)
        for x, y, z in strides
    ]
    return [
        *three,
        case(machine, dtype, rows=(i,), columns=(k,)),
        case(machine, dtype, rows=(i,), contracted=(j,)),
        case(machine, dtype, columns=(k,), contracted=(j,)),
        case(machine, dtype, contracted=(j,)),
        case(machine, dtype),
        case(machine, dtype, batch=(Axis(name="b", extent=3, left=-2, right=4, target=1),)),
        matrices(machine, dtype, (40, 600, 30)),
    ]


@needs_compiler
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("machine", ["avx2", "avx512"])
def test_rows_of_three_indices_and_empty_groups(machine, dtype, tmp_path):
    check(tmp_path, spread(dtype, MACHINES[machine]), "-O1")


def transposed(machine, dtype, along, across, depth=(5, 3)):
    """Return a kernel with `along` rows that are contiguous in the target, `across` that are in the left operand, and
    contracted indices of which each operand has another one contiguous."""
    d, e = depth
    return case(
        machine,
        dtype,
        rows=(
            Axis(name="a", extent=along, left=across, target=1),
            Axis(name="b", extent=across, left=1, target=along * 3),
            Axis(name="c", extent=3, left=across * along, target=along),
        ),
        columns=(Axis(name="n", extent=11, right=d * e, target=along * across * 3),),
        contracted=(
            Axis(name="d", extent=d, left=across * along * 3, right=1),
            Axis(name="e", extent=e, left=across * along * 3 * d, right=d),
        ),
    )


@needs_compiler
@pytest.mark.parametrize("machine", MACHINES)
def test_rows_in_blocks(machine, tmp_path):
    here = MACHINES[machine]
    extents = [(16, 8), (24, 16), (12, 20), (19, 21), (8, 9), (33, 17), (2, 2)]
    few = extents[:4] if machine == "avx512" else extents
    cases = [transposed(here, dtype, *each) for dtype in DTYPES for each in few]
    packings = {one.plan.row_packing for one in cases}
    assert packings >= {Packing.ACROSS_ROWS, Packing.ACROSS_RUNS}
    check(tmp_path, cases, "-O1")


@needs_compiler
@pytest.mark.parametrize("machine", MACHINES)
def test_depth_in_blocks(machine, tmp_path):
    """Each operand has another contracted index contiguous; at the end one of them stands twice."""
    here = MACHINES[machine]
    cases = []
    for dtype, (d, e) in [(dtype, each) for dtype in DTYPES for each in ((8, 16), (24, 40), (7, 19))]:
        rows = (Axis(name="a", extent=19, left=d * e, target=13),)
        columns = (Axis(name="n", extent=13, right=d * e, target=1),)
        turned = (replace(rows[0], target=1),), (replace(columns[0], target=19),)
        first = Axis(name="d", extent=d, left=e, right=1)
        second = Axis(name="e", extent=e, left=1, right=d)
        cases.append(case(here, dtype, rows=rows, columns=columns, contracted=(first, second)))
        cases.append(case(here, dtype, rows=turned[0], columns=turned[1], contracted=(second, first)))
        both = (first, Axis(name="f", extent=d, left=e, right=1), second)
        cases.append(case(here, dtype, rows=rows, columns=columns, contracted=both))
    assert Packing.ACROSS_BLOCKS in {one.plan.column_packing for one in cases}
    check(tmp_path, cases, "-O1")


def test_random_kernels_are_packed_in_every_way():
    cases = [random_case(seed, here, dtype) for seed in range(25) for here in MACHINES.values() for dtype in DTYPES]
    packings = {one.plan.row_packing for one in cases} | {one.plan.column_packing for one in cases}
    assert packings | {Packing.ACROSS_BLOCKS} == set(Packing)


@needs_compiler
@pytest.mark.parametrize("machine", ["avx512", "tiny"])
def test_sanitizers(machine, tmp_path):
    here = MACHINES[machine]
    cases = [random_case(seed, here, dtype, limit=3000) for seed in range(300, 306) for dtype in DTYPES]
    cases += [transposed(here, dtype, *each) for dtype in DTYPES for each in ((16, 8), (12, 20), (19, 21))]
    cases += spread("float64", here) + [matrices(here, "float32", (n, n, n), ORDERS[n % 5]) for n in (1, 41)]
    flags = ("-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    program = compiled(tmp_path, text(cases, main=True), *flags)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_compiler
@pytest.mark.skipif(sys.platform != "linux", reason="wraps malloc with GNU ld")
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_without_memory_nothing_is_written(tmp_path, dtype):
    one = matrices(BASELINE, dtype, (8, 8, 8))
    function = library(tmp_path, [one], "-Wl,--wrap=malloc", refuse=True).call_0
    function.argtypes = [ctypes.c_void_p] * 3
    array = np.ones((8, 8), dtype)
    target = np.full((8, 8), 7.0, dtype)
    assert function(array.ctypes.data, array.ctypes.data, target.ctypes.data) == 1
    assert (target == 7).all()


@needs_compiler
def test_threads(tmp_path):
    cases = [random_case(seed, AVX512, "float64") for seed in range(6)]
    loaded = library(tmp_path, cases, "-O1")
    work = [(number, seed) for seed in range(20) for number in range(len(cases))]
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda each: run(getattr(loaded, f"call_{each[0]}"), cases[each[0]], each[1]), work)
        assert all(np.array_equal(memory, expected) for memory, expected in done)


@needs_compiler
@pytest.mark.skipif(not hasattr(mmap, "MAP_ANONYMOUS"), reason="needs addresses without memory behind them")
def test_offsets_beyond_31_bits(tmp_path):
    far = 2**31 + 8
    i, j = Axis(name="i", extent=2, left=far, target=far), Axis(name="j", extent=2, left=8, right=far)
    k = Axis(name="k", extent=9, right=1, target=1)
    one = case(BASELINE, "float32", rows=(i,), columns=(k,), contracted=(j,))
    function = library(tmp_path, [one], "-O1").call_0
    function.argtypes = [ctypes.c_void_p] * 3
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    try:
        arrays = [np.frombuffer(mmap.mmap(-1, 4 * (far + 16), flags=flags), np.float32) for _ in range(3)]
    except OSError:
        pytest.skip("the system does not give 26 GB of addresses")
    left, right, target = arrays
    left[[0, 8, far, far + 8]] = 1, 2, 3, 4
    right[:9], right[far : far + 9] = range(9), range(10, 19)
    assert function(*(array.ctypes.data for array in arrays)) == 0
    n = np.arange(9)
    assert target[:9].tolist() == (n + 2 * (n + 10)).tolist()
    assert target[far : far + 9].tolist() == (3 * n + 4 * (n + 10)).tolist()


PRINT = """
from packing import AVX512, random_case, text
print(text([random_case(seed, AVX512, "float64") for seed in range(8)]))
"""


def test_the_text_is_the_same_whatever_the_hash_seed():
    texts = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'tests' / 'schedule'}:{ROOT}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


def test_names_begin_with_the_prefix():
    """Several kernels share a file: none of their names clash, and none is visible outside."""
    lines = text([matrices(AVX512, "float64", (64, 64, 64), "ij,kj->ik")]).splitlines()
    outside = [line for line in lines if line[:1].isalpha() and "call_0" not in line]
    assert outside
    assert all(line.startswith(("static ", "typedef ")) and " k0_" in line for line in outside)


@pytest.mark.parametrize(
    ("order", "swapped", "packing"),
    [
        ("ij,jk->ik", True, (Packing.COPY, Packing.DIRECT)),
        ("ij,kj->ik", True, (Packing.ACROSS_DEPTH, Packing.DIRECT)),
        ("ji,jk->ik", True, (Packing.COPY, Packing.COPY)),
        ("ij,jk->ki", False, (Packing.ACROSS_DEPTH, Packing.COPY)),
        ("ji,jk->ki", False, (Packing.COPY, Packing.COPY)),
    ],
)
def test_the_vectors_run_where_the_target_is_contiguous(order, swapped, packing):
    made = matrices(AVX512, "float64", (1024, 1024, 1024), order).plan
    assert (made.swapped, (made.row_packing, made.column_packing)) == (swapped, packing)


@pytest.mark.parametrize(
    ("machine", "extent", "packing"),
    [
        (AVX512, 256, Packing.DIRECT),  # four lines of the cache at a step
        (AVX512, 512, Packing.COPY),  # a page apart
        (AVX2, 256, Packing.COPY),  # one line at a step
        (AVX2, 60, Packing.DIRECT),  # all of it fits into level 1
    ],
)
def test_rows_are_read_where_they_lie_if_that_is_as_quick(machine, extent, packing):
    assert matrices(machine, "float64", (extent,) * 3).plan.row_packing == packing


def test_an_index_that_is_contiguous_in_the_operand_alone_makes_blocks():
    a = Axis(name="a", extent=32, left=1024, target=1)
    b = Axis(name="b", extent=32, left=1, target=1024)
    j = Axis(name="j", extent=32, left=32, right=1)
    made = case(
        AVX512, "float64", rows=(a, b), columns=(Axis(name="k", extent=32, right=32, target=32),), contracted=(j,)
    ).plan
    assert made.row_packing == Packing.ACROSS_ROWS
    assert made.order.rows[-2:] == (KernelStep(8, 1, 1024), KernelStep(8, 1024, 1))
    assert made.row_block % 64 == 0


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_tile_fits_into_the_registers(machine, dtype):
    here = MACHINES[machine]
    for seed in range(60):
        made = random_case(seed, here, dtype).plan
        assert (made.tile.vectors * (made.tile.columns + 1)) < here.registers
        assert len(made.tiles) <= 4
        assert (
            Tile(vectors=made.tile.vectors, columns=made.tile.columns) in made.tiles
            or made.order.extents[0] < made.panel
        )


@needs_compiler
def test_the_benchmark_runs_to_its_end(tmp_path):
    script = ROOT / "benchmarks" / "packed.py"
    done = subprocess.run(
        [sys.executable, str(script), "--rounds", "1", "--only", "classical", "--dtype", "float32"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "classical, float32: np.einsum(optimize=True) over packed" in done.stdout
    assert done.stdout.endswith("again: python benchmarks/packed.py --rounds 1 --only classical --dtype float32\n")


def test_this_machine_is_known():
    here = Machine.detect()
    assert here.vector_bytes in (16, 32, 64)
    assert here.registers in (16, 32)
    assert 0 < here.level1 < here.level2
    assert Machine.baseline().vector_bytes == 16
    assert Machine.baseline().level2 == here.level2


def test_a_machine_that_tells_nothing(tmp_path, monkeypatch):
    """As on systems without /proc and /sys: small vectors, small caches."""
    monkeypatch.setattr("einloop.core.machine.PROCESSOR", str(tmp_path / "none"))
    monkeypatch.setattr("einloop.core.machine.CACHES", str(tmp_path / "none"))
    monkeypatch.setattr("platform.machine", lambda: "AMD64")
    assert Machine.detect() == Machine()
