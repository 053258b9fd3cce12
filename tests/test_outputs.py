"""Files that commands write: whole or not at all, never onto what is read, and named for what they hold."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from test_cli import ROWS, environment, failing, finished, refused, run, shell

from einloop import cli
from einloop.cli import files

__all__ = ["run"]

SHOW = ["ij->i", "--no-verify"]
OLD = "old and longer than what is written in its place " * 20


def left(folder):
    """Return the temporary files that are still there."""
    return [name for name in os.listdir(folder) if name.startswith(".einloop-")]


# What a name asks for


@pytest.mark.parametrize(
    ("words", "name", "start"),
    [
        (["explain", "ij->i"], "page.html", "<!DOCTYPE html>"),
        (["explain", "ij->i"], "page.HTM", "<!DOCTYPE html>"),
        (["explain", "ij->i"], "page.md", "# `ij->i`"),
        (["check", "ij->i"], "page.markdown", "# `ij->i`"),
        (["why", "ij->i", "--at", "0"], "page.tex", "\\documentclass"),
        (["diff", "ij->i", "ab->a"], "page.json", "{"),
        (["explain", "ij->i"], "note.py", "# "),
        (["explain", "ij->i", "--format", "text"], "page.txt", "ij->i\n"),
        (["explain", "ij->i", "--format", "markdown"], "page.md", "# `ij->i`"),
        (["explain", "ij->i", "--json"], "page.json", "{"),
        (["explain", "ij->i", "--format", "html"], "page.xhtml", "<!DOCTYPE html>"),
        (["explain", "ij->i"], "page", "ij->i\n"),
        ([*SHOW], "rows.py", "I, J = A.shape"),
        ([*SHOW], "rows", "I, J = A.shape"),
        ([*SHOW], "rows.unheard", "I, J = A.shape"),
        ([*SHOW], "rows.c", "/* np.einsum("),
        ([*SHOW], "ROWS.C", "/* np.einsum("),
        ([*SHOW, "--target", "c"], "rows.c", "/* np.einsum("),
        ([*SHOW, "--target", "numba", "--function", "f"], "rows.py", "import numpy as np\nfrom numba import njit"),
        ([*SHOW], "rows.json", '{"source": '),
        ([*SHOW, "--show-stages", "--schedule", "accumulate"], "stages.html", "<!DOCTYPE html>"),
        ([*SHOW, "--show-stages", "--target", "c"], "stages.md", "# `ij->i`"),
    ],
)
def test_the_name_of_a_file_says_what_it_holds(run, words, name, start):
    code, out, err = run(*words, "-o", name)
    assert (code in (0, 1), out, err) == (True, "", "")
    assert Path(name).read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ["explain", "ij", "--format", "html", "-o", "page.md"],
            "'page.md' is a name for markdown, and --format html asks for another format",
        ),
        (
            ["check", "ij", "--json", "-o", "page.tex"],
            "'page.tex' is a name for latex, and --json asks for another format",
        ),
        (
            ["diff", "ij", "ij", "--format", "text", "-o", "page.json"],
            "'page.json' is a name for json, and --format text asks for another format",
        ),
        (["explain", "ij", "-o", "page.c"], "'page.c' is a name for loops, and this is a page"),
        (["ij", "-o", "page.html"], "'page.html' is a name for html, which loops are not"),
        (["ij", "-o", "page.md", "--target", "c"], "'page.md' is a name for markdown, which loops are not"),
        (["ij", "-o", "rows.py", "--target", "c"], "'rows.py' is a name for numba or python, and --target c writes .c"),
        (["ij", "-o", "rows.c", "--target", "python"], "'rows.c' is a name for c, and --target python writes .py"),
        (["explain", "ij", "-o", "page.svg"], "'page.svg' is a name for a drawing, -o takes a page"),
    ],
)
def test_a_name_that_contradicts_is_refused(run, words, text):
    code, out, err = run(*words)
    told = json.loads(out)["error"]["message"] if "--json" in words else err
    assert code == 2
    assert text in told
    assert os.listdir() == []


def test_two_formats_are_refused(run):
    code, out, _ = run("explain", "ij", "--json", "--format", "html")
    assert (code, json.loads(out)["error"]["id"]) == (2, "EL473")


def test_json_in_a_file_is_what_is_printed(run):
    assert run(*SHOW, "-o", "rows.json")[:2] == (0, "")
    assert json.loads(Path("rows.json").read_text()) == json.loads(run(*SHOW, "--json")[1])


def test_a_target_of_ones_own_has_its_own_name(run):
    Path("mine/other").mkdir(parents=True)
    source = Path(files.__file__).parents[2] / "templates" / "python"
    for file in source.iterdir():
        if file.is_file():
            (Path("mine/other") / file.name).write_bytes(file.read_bytes())
    manifest = Path("mine/other/target.toml")
    manifest.write_text(manifest.read_text().replace('suffix = ".py"', 'suffix = ".mine"'))
    assert run(*SHOW, "--templates", "mine", "-o", "rows.mine")[0] == 0
    assert Path("rows.mine").read_text() == ROWS
    assert run(*SHOW, "--templates", "mine", "-o", "rows.mine", "--target", "c")[0] == 2


# What is read is not written


@pytest.fixture
def arrays(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(6.0).reshape(2, 3))
    (tmp_path / "mine.py").write_text("c = A.sum(axis=1)\n")
    os.link(tmp_path / "a.npy", tmp_path / "hard.npy")
    os.symlink("a.npy", tmp_path / "soft.npy")
    os.symlink("soft.npy", tmp_path / "softer.npy")
    return tmp_path


@pytest.mark.parametrize("name", ["a.npy", "hard.npy", "soft.npy", "softer.npy", "./a.npy", "../{}/a.npy"])
@pytest.mark.parametrize(
    "words",
    [
        ["ij->i", "--load", "a.npy"],
        ["explain", "ij->i", "--load", "A=a.npy"],
        ["why", "ij->i", "--at", "0", "--load", "soft.npy"],
        ["check", "ij->i", "--load", "hard.npy"],
    ],
)
def test_an_array_that_is_read_is_not_written(run, arrays, words, name):
    name = name.format(arrays.name)
    before = (arrays / "a.npy").read_bytes()
    code, out, err = run(*words, "-o", name)
    assert (code, out) == (2, "")
    assert err == (f"error EL419: -o {name!r} is the file that --load reads\nhint: write to another file\n")
    assert (arrays / "a.npy").read_bytes() == before


def test_a_drawing_is_not_written_onto_what_is_read(run, arrays):
    os.link("a.npy", "roof.svg")
    code, _, err = run("bench", "ij->i", "--load", "a.npy", "--plot", "roof.svg")
    assert code == 2
    assert err.startswith("error EL419: --plot 'roof.svg' is the file that --load reads\n")


def test_what_standard_input_comes_from_is_not_written(tmp_path):
    (tmp_path / "in.py").write_text("ij->i\n")
    done = shell("einloop 'ij->i' --no-verify -o in.py < in.py", tmp_path)
    assert (done.returncode, done.stderr) == (
        2, "error EL419: -o 'in.py' is the file that standard input reads\nhint: write to another file\n",
    )  # fmt: skip
    assert (tmp_path / "in.py").read_text() == "ij->i\n"


def test_a_template_that_is_read_is_not_written(run):
    assert run("templates", "--copy", "mine")[0] == 0
    before = Path("mine/python/snippet.j2").read_bytes()
    code, _, err = run(*SHOW, "--templates", "mine", "-o", "mine/python/snippet.j2")
    assert code == 2
    assert "is among the templates that --templates reads" in err
    assert Path("mine/python/snippet.j2").read_bytes() == before
    assert run(*SHOW, "--templates", "mine", "-o", "mine/new.py")[0] == 0


@pytest.mark.parametrize("other", ["roof.svg", "./roof.svg", "link.svg"])
def test_two_outputs_are_two_files(run, other):
    Path("link.svg").symlink_to("roof.svg")
    code, _, err = run("bench", "ij->i", "-s", "2x3", "--plot", other, "-o", "roof.svg")
    assert code == 2
    assert err == f"error EL466: -o and --plot name one file, {other!r}\nhint: give two names\n"


def test_one_output_is_given_once(run):
    refused(
        run(*SHOW, "-o", "one.py", "-o", "two.py"),
        "error EL400: argument -o: given twice, 'one.py' and 'two.py'\nhint: einloop --help shows what there is\n",
    )


@pytest.mark.parametrize("command", [[], ["explain"], ["check"]])
def test_many_expressions_take_no_file(run, command):
    refused(
        run(*command, "-", "-o", "out", stdin="ij->i\n"),
        "error EL472: -o takes one expression, - reads many\nhint: send standard output to a file\n",
    )


# How a file is written


def test_a_dash_is_standard_output(run):
    assert run(*SHOW, "-o", "-") == (0, ROWS, "")
    assert os.listdir() == []


def test_a_new_file_has_the_mode_of_new_files(run):
    before = os.umask(0o027)
    try:
        assert run(*SHOW, "-o", "rows.py")[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat("rows.py").st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o755, 0o644])
def test_an_old_file_keeps_its_mode(run, mode):
    Path("rows.py").write_text(OLD)
    os.chmod("rows.py", mode)
    assert run(*SHOW, "-o", "rows.py")[0] == 0
    assert stat.S_IMODE(os.stat("rows.py").st_mode) == mode
    assert Path("rows.py").read_text() == ROWS


def test_links_are_followed_and_stay(run):
    Path("folder").mkdir()
    Path("folder/rows.py").write_text(OLD)
    Path("link.py").symlink_to("folder/middle.py")
    Path("folder/middle.py").symlink_to("rows.py")
    assert run(*SHOW, "-o", "link.py")[0] == 0
    assert Path("link.py").is_symlink()
    assert Path("folder/middle.py").is_symlink()
    assert Path("folder/rows.py").read_text() == ROWS
    Path("dangling.py").symlink_to("folder/made.py")
    assert run(*SHOW, "-o", "dangling.py")[0] == 0
    assert Path("folder/made.py").read_text() == ROWS
    Path("round.py").symlink_to("round.py")
    refused(
        run(*SHOW, "-o", "round.py"), "error EL412: 'round.py' cannot be written: Too many levels of symbolic links\n"
    )


def test_all_names_of_a_file_hold_what_is_written(run):
    Path("rows.py").write_text(OLD)
    os.link("rows.py", "other.py")
    assert run(*SHOW, "-o", "rows.py")[0] == 0
    assert Path("rows.py").read_text() == Path("other.py").read_text() == ROWS
    assert os.path.samefile("rows.py", "other.py")


LITTLE_ROOM = """
import resource, sys
from einloop.__main__ import run
resource.setrlimit(resource.RLIMIT_FSIZE, (120, 120))
sys.exit(run())
"""
"""The command line where a file may have 120 bytes. It sets the limit itself: a function between fork and exec would
run in a copy of this process, whose other libraries (JAX) warn of forks."""


@pytest.mark.parametrize("names", [1, 2])
def test_a_full_disk_keeps_the_old_file(tmp_path, names):
    kept = tmp_path / "kept.py"
    kept.write_text(OLD[:100])
    for number in range(1, names):
        os.link(kept, tmp_path / f"also{number}.py")

    words = ("ij,jk,kl->il", "--no-verify", "-o", "kept.py")
    kept_whole = environment(PYTHONDONTWRITEBYTECODE="1")  # Python would keep the part of a module that it can write
    line = [sys.executable, "-c", LITTLE_ROOM, *words]
    done = subprocess.run(line, cwd=tmp_path, env=kept_whole, capture_output=True, check=False)
    code, out, err = done.returncode, done.stdout, done.stderr
    assert (code, out, err) == (2, b"", b"error EL412: 'kept.py' cannot be written: File too large\n")
    assert kept.read_text() == OLD[:100]
    assert left(tmp_path) == []


def test_an_interrupt_keeps_the_old_file(run, monkeypatch):
    Path("kept.py").write_text(OLD)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_write", interrupt)
    assert run(*SHOW, "-o", "kept.py") == (130, "", "interrupted\n")
    assert Path("kept.py").read_text() == OLD
    assert left(".") == []


def test_a_file_in_a_folder_that_takes_none_is_written_in_place(run, monkeypatch):
    Path("kept.py").write_text(OLD)
    before = os.stat("kept.py").st_ino

    def closed(place):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "_temporary", closed)
    assert run(*SHOW, "-o", "kept.py")[0] == 0
    assert (Path("kept.py").read_text(), os.stat("kept.py").st_ino) == (ROWS, before)
    refused(run(*SHOW, "-o", "new.py"), "error EL412: 'new.py' cannot be written: Permission denied\n")


def test_what_may_not_be_written_is_not_replaced(run, monkeypatch):
    Path("kept.py").write_text(OLD)
    opened = os.open

    def refuse(path, flags, *rest, **how):
        if str(path) == "kept.py" and flags & os.O_WRONLY:
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *rest, **how)

    monkeypatch.setattr(os, "open", refuse)  # this test may run as root, who may all
    refused(run(*SHOW, "-o", "kept.py"), "error EL412: 'kept.py' cannot be written: Permission denied\n")
    assert Path("kept.py").read_text() == OLD


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no/such/rows.py", "there is no folder 'no/such'"),
        (".", "Is a directory"),
        ("folder", "Is a directory"),
        ("folder/", "Is a directory"),
        ("new/", "Is a directory"),
        ("file/rows.py", "Not a directory"),
        ("", "No such file or directory"),
        ("x" * 300, "File name too long"),
        ("/dev/full", "No space left on device"),
    ],
)
@pytest.mark.parametrize("command", [["ij->i", "--no-verify"], ["explain", "ij->i"], ["why", "ij->i", "--at", "0"]])
def test_where_nothing_can_be_written_is_said_in_one_line(run, command, path, reason):
    Path("folder").mkdir()
    Path("file").write_text("")
    refused(run(*command, "-o", path), f"error EL412: {path!r} cannot be written: {reason}\n")
    assert sorted(os.listdir()) == ["file", "folder"]


def test_nothing_is_printed_or_computed_before_a_file_is_found_to_be_closed(run):
    load = failing(lambda: print("computed"))
    refused(
        run(*SHOW, "-o", "no/rows.py", load=load),
        "error EL412: 'no/rows.py' cannot be written: there is no folder 'no'\n",
    )


@pytest.mark.parametrize("command", ["einloop 'ij->i' --no-verify", "einloop explain 'ij->i' --format comment"])
@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link", "/dev/fd/5"])
def test_descriptors_are_written_to(tmp_path, command, path):
    plain = shell(command, tmp_path).stdout
    (tmp_path / "link").symlink_to("/dev/stdout")
    assert shell(f"{command} -o {path} 5>&1", tmp_path).stdout == plain
    assert shell(f"{command} -o {path} 5>&1 | cat", tmp_path).stdout == plain
    done = shell(f"echo first > out; {command} -o {path} >> out 5>> out; cat out", tmp_path)
    assert done.stdout == f"first\n{plain}"


def test_devices_and_pipes_are_written_to(run, tmp_path):
    assert run(*SHOW, "-o", "/dev/null") == (0, "", "")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    os.mkfifo("pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append(Path(tmp_path, "pipe").read_text()))
    reader.start()
    assert run(*SHOW, "-o", "pipe") == (0, "", "")
    reader.join()
    assert read == [ROWS]
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_nothing_is_left_beside_a_file(run):
    for _ in range(2):
        assert run(*SHOW, "-o", "rows.py")[0] == 0
        assert os.listdir() == ["rows.py"]


def test_the_owner_of_a_file_stays(run):
    if os.geteuid() != 0:
        pytest.skip("only root may give files away")
    Path("rows.py").write_text(OLD)
    os.chown("rows.py", 65534, 65534)
    assert run(*SHOW, "-o", "rows.py")[0] == 0
    found = os.stat("rows.py")
    assert (found.st_uid, found.st_gid, Path("rows.py").read_text()) == (65534, 65534, ROWS)


def test_a_relative_file_where_the_folder_is_gone(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    done = shell("cd gone; rmdir ../gone; einloop 'ij->i' --no-verify -o rows.py", tmp_path)
    assert (done.returncode, done.stderr) == (
        2, "error EL412: 'rows.py' cannot be written: the working directory was removed\n",
    )  # fmt: skip


def test_a_program_in_a_file_can_be_run_at_once(tmp_path):
    assert finished("ij->i", "--script", "-o", "rows.py", "--no-verify", cwd=tmp_path)[0] == 0
    done = subprocess.run(["cat", "rows.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n")


@pytest.mark.parametrize(
    ("words", "name", "line"),
    [
        ([], "product.c", "cc -O3 -march=native -c product.c"),
        ([], "product.cpp", "c++ -O3 -march=native -c product.cpp"),
        ([], "product.cc", "c++ -O3 -march=native -c product.cc"),
        ([], "product.cxx", "c++ -O3 -march=native -c product.cxx"),
        ([], "product.CPP", "c++ -O3 -march=native -c product.CPP"),
        ([], "product.C", "c++ -O3 -march=native -c product.C"),
        ([], "a product.c", "cc -O3 -march=native -c 'a product.c'"),
        ([], "a product.cpp", "c++ -O3 -march=native -c 'a product.cpp'"),
        (["--target", "c"], "product.txt", "cc -O3 -march=native -c loops.c"),
        (["--script"], "product.cpp", "c++ -O3 -march=native product.cpp -o loops -lm"),
        ([], "product.h", "the function that product.c holds."),
        (["--function", "f"], "product.h", "the function that product.c holds."),
    ],
)
def test_a_file_of_c_says_how_a_file_of_its_name_is_compiled(run, words, name, line):
    assert run(*SHOW, *words, "-o", name)[0] == 0
    assert line in Path(name).read_text()


def test_a_header_names_the_file_beside_it(run):
    assert run(*SHOW, "--header", "-o", "product.cpp")[0] == 0
    assert "the function that product.cpp holds." in Path("product.h").read_text()


@pytest.mark.parametrize(("name", "begins"), [("a.h", "/* np.einsum"), ("a.cpp", "/* np.einsum"), ("a.py", "I, J = ")])
def test_names_of_headers_and_of_cpp_choose_c(tmp_path, monkeypatch, name, begins):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["ij->i", "--no-verify", "-o", name]) == 0
    text = (tmp_path / name).read_text()
    assert text.startswith(begins)
    assert ("#endif" in text and "for (" not in text) == (name == "a.h")
