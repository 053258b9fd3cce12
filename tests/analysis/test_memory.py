"""EL711, EL722: results and intermediates far larger than the inputs, or than the memory."""

import re

import numpy as np
import pytest

import einloop
from einloop.analysis.check import diagnose
from einloop.analysis.check.memory import size_words
from einloop.core import memory as here
from einloop.core.bind import bind_sizes
from einloop.core.report import Severity
from einloop.notation import read
from einloop.views.catalogue import load_catalogue

ENGLISH, JAPANESE = load_catalogue("en"), load_catalogue("ja")
GB = 10**9
W, N = Severity.WARNING, Severity.NOTE

FOUND = {
    "a batch index forgotten": (
        ("ijk,mnk->ijmn", [(200, 2000, 256), (250, 1900, 256)], ()),
        ("EL722", W),
        "The result takes 1.52 TB in float64, and this machine has 16 GB of memory. The largest input takes 973 MB.",
    ),
    "in a smaller dtype": (
        ("ijk,mnk->ijmn", [(200, 2000, 256), (250, 1900, 256)], ("float32", "float32")),
        ("EL722", W),
        "The result takes 760 GB in float32, and this machine has 16 GB of memory. The largest input takes 486 MB.",
    ),
    "an outer product": (
        ("i,j->ij", [(10**5,), (10**5,)], ("float64", "complex64")),
        ("EL722", W),
        "The result takes 160 GB in complex128, and this machine has 16 GB of memory. The largest input takes 800 kB.",
    ),
    "large, but there is room": (
        ("i,j->ij", [(20_000,), (20_000,)], ()),
        ("EL722", N),
        "The result takes 3.2 GB in float64; the largest input takes 160 kB.",
    ),
    "bfloat16": (
        ("i,j->ij", [(10**5,), (10**5,)], ("bfloat16", "bfloat16")),
        ("EL722", W),
        "The result takes 20 GB in bfloat16, and this machine has 16 GB of memory. The largest input takes 200 kB.",
    ),
    "an intermediate": (
        ("ab,ac,ad,bc,bd,cd->", [(120, 120)] * 6, ("float32",) * 6),
        ("EL711", N),
        "Even along the best path, an intermediate over {} has 1,728,000 elements, 6.91 MB in float32; the largest of "
        "inputs and output has 14,400. np.einsum keeps to smaller ones with optimize=True, and computes more.",
    ),
    "an intermediate beyond the memory": (
        ("ab,ac,ad,bc,bd,cd->", [(3000, 3000)] * 6, ()),
        ("EL711", N),
        "Even along the best path, an intermediate over {} has 27,000,000,000 elements, 216 GB in float64, and this "
        "machine has 16 GB of memory; the largest of inputs and output has 9,000,000 elements. np.einsum keeps to "
        "smaller ones with optimize=True, and computes more.",
    ),
}


def found(text, shapes, dtypes, memory=16 * GB):
    spec = bind_sizes(read(text), shapes)
    return [f for f in diagnose(spec, dtypes, memory=memory) if f.id in ("EL711", "EL722")]


@pytest.mark.parametrize(("case", "kind", "text"), FOUND.values(), ids=FOUND)
def test_what_takes_much_memory(case, kind, text):
    (finding,) = found(*case)
    assert (finding.id, finding.severity) == kind
    indices = finding.message.values.get("indices")
    assert ENGLISH.text(finding.message) == text.format("" if indices is None else ENGLISH.text(indices))
    sizes = re.findall(r"\d[\d.,]* [kMGTPE]?B", text)
    assert all(size in JAPANESE.text(finding.message) for size in sizes)


def test_the_extents_of_the_result_are_enough():
    spec = bind_sizes(read("ij,jk->ik"), (), {"i": 10**5, "k": 10**5})
    (finding,) = [f for f in diagnose(spec, memory=16 * GB) if f.id == "EL722"]
    assert ENGLISH.text(finding.message) == "The result takes 80 GB in float64, and this machine has 16 GB of memory."
    assert "80 GB" in JAPANESE.text(finding.message)
    assert [f.id for f in diagnose(spec, memory=100 * GB) if f.id == "EL722"] == []


QUIET = {
    "an outer product of some size": ("i,j->ij", [(5000,), (5000,)], ()),
    "as large as the inputs": ("ij,ij->ij", [(30_000, 30_000)] * 2, ()),
    "large inputs": ("ij->", [(10**5, 10**5)], ()),
    "a view": ("ij->ji", [(10**6, 10**6)], ()),
    "nothing": ("i,j->ij", [(10**9,), (0,)], ()),
    "names of extents": ("i,j->ij", [("N",), (10**9,)], ()),
    "a small intermediate": ("ij,jk,kl->il", [(100, 100)] * 3, ()),
}


@pytest.mark.parametrize("case", QUIET.values(), ids=QUIET)
def test_what_takes_no_more_than_it_has_to(case):
    assert found(*case, memory=100 * GB) == []


def test_where_the_memory_is_not_known_what_is_far_larger_is_still_told():
    (finding,) = found("i,j->ij", [(10**6,), (10**6,)], (), memory=None)
    assert (finding.severity, ENGLISH.text(finding.message)) == (
        N,
        "The result takes 8 TB in float64; the largest input takes 8 MB.",
    )


def test_a_stretched_axis_counts_once():
    (finding,) = found("ij,ij->ij", [(10**5, 1), (1, 10**5)], ())
    assert "the largest input takes 800 kB" in ENGLISH.text(finding.message).replace("The", "the")


def test_numpy_keeps_to_intermediates_no_larger_than_inputs_and_output():
    arrays = [np.broadcast_to(0.0, (120, 120))] * 6
    path, shown = np.einsum_path("ab,ac,ad,bc,bd,cd->", *arrays, optimize=True)
    assert path[1:] == [(0, 1, 2, 3, 4, 5)]
    assert "Largest intermediate:  1.000e+00 elements" in shown


SIZES = [
    (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (1234, "1.23 kB"), (99_999, "100 kB"),
    (999_499, "999 kB"), (999_999, "1 MB"), (25_300_000_000, "25.3 GB"), (1_520_000_000_000, "1.52 TB"),
    (8 * 10**15, "8 PB"), (10**21, "1,000 EB"),
]  # fmt: skip


@pytest.mark.parametrize(("count", "text"), SIZES)
def test_sizes_as_people_write_them(count, text):
    assert ENGLISH.text(size_words(count)) == text


def test_check_asks_this_machine():
    memory = here.memory_bytes()
    if memory is None:
        pytest.skip("this system does not say how much memory there is")
    side = int(memory**0.5)
    (finding,) = [f for f in einloop.check("i,j->ij", shapes=[(side,), (side,)]).findings if f.id == "EL722"]
    assert finding.severity is W
    assert einloop.explain("i,j->ij", shapes=[(side,), (side,)]).sections[0].id == "warnings"


@pytest.mark.parametrize(
    ("pages", "limit", "memory"),
    [(1000, None, 4_096_000), (1000, "max", 4_096_000), (1000, "2000000", 2_000_000), (-1, None, None)],
)
def test_the_memory_is_the_machines_or_the_containers(pages, limit, memory, monkeypatch, tmp_path):
    file = tmp_path / "memory.max"
    if limit is not None:
        file.write_text(limit + "\n")
    monkeypatch.setattr(here.os, "sysconf", {"SC_PHYS_PAGES": pages, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert here.memory_bytes((str(file),)) == memory


def test_a_system_that_says_nothing(monkeypatch):
    def no_name(name):
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(here.os, "sysconf", no_name)
    assert here.memory_bytes() is None
    monkeypatch.delattr(here.os, "sysconf")
    assert here.memory_bytes() is None
