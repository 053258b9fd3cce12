"""What is read from standard input, files and Python objects, in whatever state it is: refused by name, or right."""

from __future__ import annotations

import io
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import einloop
from einloop import cli
from einloop.cli.lines import MAX_BYTES, MAX_LINES
from einloop.core.source import MAX_TEXT
from einloop.runners.arrays import load_array

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line on bytes of standard input; give exit code, stdout, stderr."""

    def call(*words: str, stdin: bytes = b"", encoding: str = "utf-8") -> tuple[int, str, str]:
        raw: Any = io.BytesIO(stdin)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(raw), encoding=encoding))
        code = cli.main(list(words))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_says_the_encoding(run: Run, encoding: str, end: str) -> None:
    text = f"ij->i{end}y_α = W_{{αβ}} x_β{end}"
    code, out, err = run("-", "--no-verify", stdin=text.encode(encoding))
    assert (code, err) == (0, "note: with np.einsum: y = np.einsum('ij,j->i', W, x)\n")
    assert [line for line in out.splitlines() if line.startswith("#")] == ["# ij->i", "# ij,j->i"]


@pytest.mark.parametrize(
    ("stdin", "encoding", "said"),
    [
        (b"ij->i\n\xff\xfa->i\n", "utf-8", "standard input is not UTF-8 text: byte 0xff cannot stand in it"),
        (b"ij->i\n\xc3", "utf-8", "standard input is not UTF-8 text: byte 0xc3 cannot stand in it"),
        ("é->i".encode("latin-1"), "ascii", "standard input is not ASCII text: byte 0xe9 cannot stand in it"),
        ("ij->i".encode("utf-16") + b"\x00", "utf-8", "standard input is not UTF-16"),
    ],
)
@pytest.mark.parametrize("command", [("-", "--no-verify"), ("check", "-"), ("explain", "-")])
def test_what_is_no_text_is_refused(run: Run, command: tuple[str, ...], stdin: bytes, encoding: str, said: str) -> None:
    code, _, err = run(*command, stdin=stdin, encoding=encoding)
    assert code == 2
    assert f"error EL482: {said}" in err
    assert "EL000" not in err


@pytest.mark.parametrize("stdin", [b"ij\0->i\n", b"\0\0\0\n", b"ij->\x1bi\n", b"i\tj->i\n", "٣,i->\n".encode()])
def test_odd_characters_are_refused_by_name(run: Run, stdin: bytes) -> None:
    code, _, err = run("-", "--no-verify", stdin=stdin)
    assert code == 2
    assert "error EL101" in err
    assert "\x1b" not in err


def test_a_line_that_is_too_long_ends_the_reading(run: Run) -> None:
    code, out, err = run("-", "--no-verify", stdin=b"ij->i\n" + b"i" * 10_000_000)
    assert code == 2
    assert out.startswith("# ij->i\n")
    assert f"error EL166: line 2 has more than {MAX_TEXT:,} characters, which no expression takes" in err


def test_too_many_lines_end_the_reading(run: Run) -> None:
    code, out, err = run("-", "--no-verify", stdin=b"\n" * 100_000)
    assert (code, out) == (2, "")
    assert f"error EL167: standard input has more than {MAX_LINES:,} lines; the rest is not read" in err


def test_a_call_that_is_never_closed_ends(run: Run) -> None:
    code, _, err = run("-", "--no-verify", stdin=b"np.einsum('ij->i',\n" + b"a\n" * 9_000)
    assert code == 2
    assert "error EL130" in err


def test_a_large_file_is_not_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "many.txt"
    path.write_bytes(b"ij->i\n" * (MAX_BYTES // 6 + 1))
    with path.open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert cli.main(["-"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert (
        f"error EL167: standard input is a file of {path.stat().st_size:,} bytes; at most 1,000,000 are read"
        in captured.err
    )


def header(shape: str, descr: str = "'<f8'", order: str = "False", version: int = 1) -> bytes:
    """Return the head of a .npy file that says so, and no data."""
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode("latin-1")
    return b"\x93NUMPY" + bytes((version, 0)) + struct.pack("<H" if version == 1 else "<I", len(text)) + text


WHOLE = header("(2, 3)") + bytes(48)
DAMAGED = {
    "nothing": b"",
    "zeros": bytes(100),
    "an archive": b"PK\x03\x04" + bytes(100),
    "cut in the magic": WHOLE[:5],
    "cut in the header": WHOLE[:30],
    "cut in the data": WHOLE[:-1],
    "more than there is": header("(1000000000000,)"),
    "more than can be": header("(4611686018427387904, 4)"),
    "beyond C": header("(99999999999999999999999,)"),
    "negative": header("(-3,)"),
    "a fraction": header("(2.5,)"),
    "a text": header("('a',)"),
    "no shape": header("None"),
    "65 axes": header("(" + "1," * 65 + ")") + bytes(8),
    "an expression": header("(10**9,)"),
    "a call": header("__import__('os').getcwd()"),
    "nested": header("(" * 300 + "2," + ")" * 300),
    "digits": header("(" + "9" * 5000 + ",)"),
    "no dtype": header("(3,)", "'zz'"),
    "objects": header("(3,)", "'|O'") + bytes(24),
    "objects in fields": header("(3,)", "[('a', 'O')]") + bytes(24),
    "no order": header("(3,)", order="3") + bytes(24),
    "version 9": header("(3,)", version=9) + bytes(24),
    "a lie": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(100),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_array_is_refused(what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(DAMAGED[what])
    with pytest.raises(einloop.EinloopError) as caught:
        load_array(path)
    assert caught.value.id == "EL411"
    assert "object at 0x" not in caught.value.message
    with pytest.raises(einloop.EinloopError):
        einloop.generate("...->...", load=[path])


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.npy"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero", "/dev/null"):
        with pytest.raises(einloop.EinloopError, match="is not a file but a pipe or a device"):
            load_array(path)
    for path in (tmp_path, "", "a\0b", "\ud800", tmp_path / "no.npy"):
        with pytest.raises(einloop.EinloopError, match="EL411"):
            load_array(path)


@pytest.mark.parametrize(
    "words", [("show", "--function", "f"), ("show",), ("check",), ("explain",), ("why", "--nonfinite")]
)
def test_an_array_of_64_axes_is_read(run: Run, words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.ones((2, 2, *(1,) * 62)))
    code, _, err = run(words[0], "...i->...i", "--load", str(path), *words[1:])
    assert (code, "EL000" in err) == (0, False)


class Raising:
    """Everything that is asked of it raises."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)

    def __iter__(self) -> Any:
        raise RuntimeError("iter")

    def __len__(self) -> int:
        raise RuntimeError("len")

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __index__(self) -> int:
        raise RuntimeError("index")

    def __bool__(self) -> bool:
        raise RuntimeError("bool")


class Huge:
    """A number that no array is as long as, and that Python does not print."""

    def __index__(self) -> int:
        return 10**5000


class Text(str):
    """A text that says something else of itself."""

    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("str")

    def __repr__(self) -> str:
        raise RuntimeError("repr")


class Mapped(dict[str, int]):
    def items(self) -> Any:
        raise RuntimeError("items")


class Listed(list[int]):
    def __iter__(self) -> Any:
        raise RuntimeError("iter")


HOSTILE = (
    Raising(),
    Huge(),
    Mapped(a=1),
    Listed([1]),
    10**5000,
    range(10**9),
    [Raising()],
    {"i": Huge()},
    {1: 2},
    iter([1]),
)
KEYWORDS = ("shapes", "sizes", "dtypes", "load", "names", "result", "schedule", "order", "path", "function", "style")


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_objects_that_raise_are_refused(keyword: str, number: int) -> None:
    given: dict[str, Any] = {keyword: HOSTILE[number]}
    with pytest.raises(einloop.EinloopError) as caught:
        einloop.generate("ij->i", **given)
    assert str(caught.value)


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_objects_that_raise_are_no_expression(number: int) -> None:
    for ask in (einloop.generate, einloop.explain, einloop.check, einloop.why, einloop.verify, einloop.stages):
        with pytest.raises(einloop.EinloopError) as caught:
            ask(HOSTILE[number])
        assert str(caught.value)


@pytest.mark.parametrize("number", range(len(HOSTILE) - 2))  # what stands last gives numbers
def test_objects_that_raise_are_no_coordinates(number: int) -> None:
    with pytest.raises(einloop.EinloopError) as caught:
        einloop.why("ij->i", at=HOSTILE[number])
    assert str(caught.value)


def test_what_an_object_raises_is_said() -> None:
    with pytest.raises(einloop.EinloopError) as caught:
        einloop.generate("ij->i", shapes=Listed([1]))
    assert str(caught.value) == "error EL418: an argument cannot be read; it raises RuntimeError: 'iter'"


def test_a_text_of_another_class_is_read_as_its_characters() -> None:
    assert einloop.generate(Text("ij->i")).source == einloop.generate("ij->i").source
    assert einloop.generate("ij->i", result=Text("r")).source == einloop.generate("ij->i", result="r").source


def test_a_seed_that_python_does_not_print_is_refused() -> None:
    for seed in (10**5000, -(10**5000)):
        with pytest.raises(einloop.EinloopError, match="EL413"):
            einloop.verify("ij->i", seed=seed)


def test_lists_that_nest_too_deeply_are_no_arrays() -> None:
    deep: Any = 0
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(einloop.EinloopError) as caught:
        einloop.generate("ij->i", style="lists").run(deep)
    assert caught.value.id == "EL605"


def test_more_axes_than_a_result_has_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "ij->i", "--expect", ",".join("i" * 1_000)]) == 2
    assert capsys.readouterr().err == "error EL405: 1000 axes are expected; a result has at most 64\n"


def test_a_comment_after_an_expression_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ij->ji # turned\nnp.einsum('i->', a)  # a call\n"))
    assert cli.main(["explain", "-", "--format", "comment"]) == 0
    assert "transpose" in capsys.readouterr().out.lower()


@pytest.mark.parametrize(
    "words",
    [("ij,jk->ik",), ("verify", "ij,jk->ik"), ("why", "ij,jk->ik", "--at", "0,0"), ("check", "ij,jk->ik")],
    ids=["show", "verify", "why", "check"],
)
def test_a_file_is_opened_once(
    words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = _counted(monkeypatch)
    files = _saved(tmp_path)
    code, _, err = run(*words, "--load", files[0], "--load", files[1])
    assert (code, opened) == (0, files), err


@pytest.mark.parametrize("name", ["generate", "verify", "why", "check"])
def test_a_file_given_in_python_is_opened_once(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = _counted(monkeypatch)
    files = _saved(tmp_path)
    getattr(einloop, name)("ij,jk->ik", load=files, **({"at": (0, 0)} if name == "why" else {}))
    assert opened == files


def _saved(folder: Path) -> list[str]:
    for name, shape in {"a": (2, 3), "b": (3, 4)}.items():
        np.save(folder / f"{name}.npy", np.ones(shape))
    return [str(folder / "a.npy"), str(folder / "b.npy")]


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files that numpy reads from here on."""
    load, opened = np.load, []

    def counting(path: Any, **how: Any) -> Any:
        opened.append(str(path))
        return load(path, **how)

    monkeypatch.setattr(np, "load", counting)
    return opened


@pytest.mark.parametrize("words", [(), ("verify",), ("why", "--at", ""), ("check",)])
def test_two_files_that_differ_for_one_name_are_refused(words: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones(2))
    np.save(tmp_path / "b.npy", np.zeros(2))
    files = ["--load", str(tmp_path / "a.npy"), "--load", str(tmp_path / "b.npy")]
    code, _, err = run(*words[:1], "y = X[i] * X[i]", *words[1:], *files)
    assert code == 2
    assert "X is one array, and is given two with different values" in err
