"""What a page carries so that a browser's Python answers it.

Pyodide itself is not here: its files are made up. What einloop's archive answers is tested with this Python.
"""

import base64
import gzip
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from html import unescape

import pytest
from made_up_pyodide import FILES

from einloop.cli import main
from einloop.core.errors import OptionError
from einloop.web import fetching, packing
from einloop.web.building import Transport, build_page, worker_script
from einloop.web.licences import licences
from einloop.web.packing import APPLICATION, LIBRARY, PYODIDE, application, encoded, packed, read_pyodide, stored


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pyodide"
    made.mkdir()
    for name, data in FILES.items():
        (made / name).write_bytes(data)
    return made


def carried(page):
    """Return what a page carries, by name."""
    found = re.findall(r'<script type="application/octet-stream" data-packed="([^"]+)">([^<]*)</script>', page)
    return {name: gzip.decompress(base64.b64decode(text)) for name, text in found}


def test_a_page_carries_the_files_and_einloop(folder, tmp_path):
    out = tmp_path / "einsum.html"
    assert main(["page", "--pyodide", str(folder), "-o", str(out)]) == 0
    files = carried(out.read_text())
    assert set(files) == {*PYODIDE, APPLICATION}
    for name in ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "pyodide-lock.json"):
        assert files[name] == FILES[name]
    assert len(out.read_bytes()) < 2_500_000


def test_the_same_input_gives_the_same_bytes(folder, tmp_path):
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for number, page in enumerate(pages):
        command = [sys.executable, "-m", "einloop", "page", "--pyodide", folder, "-o", page]
        subprocess.run(command, env={"PYTHONHASHSEED": str(number), "TZ": f"UTC{number}"}, check=True)
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert build_page("ja", Transport.NONE) == build_page("ja", Transport.NONE)


def test_the_standard_library_is_stored_and_the_same():
    old, new = (zipfile.ZipFile(io.BytesIO(data)) for data in (FILES[LIBRARY], stored(FILES[LIBRARY])))
    assert new.namelist() == ["a.py", "b.py"]
    assert {name: new.read(name) for name in new.namelist()} == {name: old.read(name) for name in old.namelist()}
    assert {entry.compress_type for entry in new.infolist()} == {zipfile.ZIP_STORED}
    with pytest.raises(OptionError, match="damaged"):
        stored(FILES[LIBRARY][:50])


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("pyodide.asm.wasm", None, "No such file or directory"),
        ("pyodide.asm.wasm", b"<html>", "pyodide.asm.wasm is not a file of Pyodide"),
        (LIBRARY, b"", "python_stdlib.zip is not a file of Pyodide"),
        ("pyodide-lock.json", b"x", "pyodide-lock.json is not a file of Pyodide"),
        ("pyodide.js", b"export const x = 1;", "pyodide.js says nothing of loadPyodide"),
        ("pyodide.asm.js", b"", "pyodide.asm.js says nothing of _createPyodideModule"),
    ],
)
def test_a_folder_that_is_not_pyodide(folder, name, data, message, capsys):
    if data is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data)
    page = folder / "x.html"
    assert main(["page", "--pyodide", str(folder), "-o", str(page)]) == 2
    assert f"error EL490: {message}" in capsys.readouterr().err.replace(f"{str(folder / name)!r} cannot be read: ", "")
    assert not page.exists()


def test_a_file_that_is_too_large(folder, monkeypatch):
    monkeypatch.setattr(packing, "MAX_BYTES", 10)
    with pytest.raises(OptionError, match="larger than any file of Pyodide"):
        read_pyodide(folder)


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Return a function that makes an `npm`, a script that packs what it is told to, and finds nothing else."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))

    def made(script):
        path = place / "npm"
        path.write_text(f"#!{sys.executable}\nimport sys\n{script}")
        path.chmod(0o755)

    return made


def package(path, files):
    with tarfile.open(path, "w:gz") as made:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))


def copying(path):
    """Return the text of an `npm` that finds one package."""
    return f"import shutil\nshutil.copy({str(path)!r}, sys.argv[sys.argv.index('--pack-destination') + 1])\n"


def test_npm_fetches_the_version_that_is_known(npm, tmp_path):
    package(tmp_path / "made.tgz", {**FILES, "package.json": b"{}"})
    npm("assert sys.argv[1:3] == ['pack', 'pyodide@0.29.4'], sys.argv\n" + copying(tmp_path / "made.tgz"))
    assert fetching.fetch_pyodide() == FILES


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "print('npm error code EAI_AGAIN\\nnpm error request failed', file=sys.stderr); sys.exit(1)",
            "request failed",
        ),
        ("print('npm ERR! code E404\\nnpm ERR! 404 Not Found', file=sys.stderr); sys.exit(1)", "404 Not Found"),
        ("sys.exit(3)", "exit code 3"),
        ("pass", "exit code 0"),
    ],
)
def test_npm_fails(npm, script, message):
    npm(script)
    with pytest.raises(OptionError) as caught:
        fetching.fetch_pyodide()
    assert caught.value.id == "EL490"
    assert caught.value.message == f"npm does not fetch pyodide@0.29.4: {message}"
    assert "--pyodide FOLDER" in caught.value.hint


def test_npm_fetches_something_else(npm, tmp_path):
    package(tmp_path / "made.tgz", {name: data for name, data in FILES.items() if name != "pyodide.asm.js"})
    npm(copying(tmp_path / "made.tgz"))
    with pytest.raises(OptionError, match=r"pyodide@0.29.4 has no pyodide.asm.js"):
        fetching.fetch_pyodide()
    (tmp_path / "made.tgz").write_bytes(b"no archive")
    with pytest.raises(OptionError, match="what npm fetched cannot be read"):
        fetching.fetch_pyodide()


def test_there_is_no_npm(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["page", "-o", str(tmp_path / "x.html")]) == 2
    assert capsys.readouterr().err == (
        "error EL490: npm, which fetches Pyodide, is not installed\n"
        "hint: unpack the npm package pyodide (npm pack pyodide@0.29.4) anywhere, and give --pyodide FOLDER; "
        "--no-python writes the page with its first example alone\n"
    )


@pytest.mark.parametrize(
    "words", [["-o", "x.html", "--folder", "y"], ["--no-python", "--pyodide", "x"], ["--no-python", "--folder", "x"]]
)
def test_options_that_exclude_each_other(words, capsys):
    assert main(["page", *words]) == 2
    assert "error EL473" in capsys.readouterr().err


def test_a_folder_for_a_server(folder, tmp_path):
    place = tmp_path / "public"
    assert main(["page", "--pyodide", str(folder), "--folder", str(place)]) == 0
    found = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}
    own = {f"python/{name}" for name in (*PYODIDE, APPLICATION, "worker.js")}
    assert found == {"index.html", "LICENCES.txt", *own}
    page = (place / "index.html").read_text()
    assert "data-packed" not in page.partition("<script>")[0]
    assert "worker-src &#39;self&#39;" in page
    assert (place / "python/pyodide.js").read_bytes() == FILES["pyodide.js"]
    assert (place / "python" / APPLICATION).read_bytes() == application()
    assert main(["page", "--pyodide", str(folder), "--folder", str(place / "index.html")]) == 2


def test_licences_stand_in_the_file(folder, tmp_path):
    out = tmp_path / "x.html"
    assert main(["page", "--pyodide", str(folder), "-o", str(out)]) == 0
    text = unescape(re.search(r'<template id="licences"><pre>(.*?)</pre></template>', out.read_text(), re.S)[1])
    assert text == licences()
    for words in ("MIT License", "Mozilla Public License", "Python Software Foundation", "Jinja2", "MarkupSafe"):
        assert words in text
    assert "Redistribution and use in source and binary forms" in text


ALONE = """
import json, sys
# what Pyodide leaves out of the standard library, or has only as packages of their own
LACKING = {"curses", "dbm", "ensurepip", "fcntl", "grp", "lzma", "msvcrt", "pwd", "resource", "sqlite3", "ssl",
    "syslog", "termios", "tkinter", "turtle", "venv", "winreg", "winsound",
    "_lzma", "_ssl", "_sqlite3", "_hashlib", "distutils"}
PRESENT = {*sys.stdlib_module_names, "einloop", "jinja2", "markupsafe", "opt_einsum", "pycparser"} - LACKING
class Refuse:
    def find_spec(self, name, path=None, target=None):
        root = name.split(".")[0]
        if root not in PRESENT:
            raise ModuleNotFoundError(f"{name} is refused here", name=name)
sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])
from einloop.web.answer import KINDS, answer
from einloop.web.arrays import HeldArrays
from einloop.web.sheet import ROWS
held = HeldArrays()
C = "void f(int n, float *x, float *y) { for (int i = 0; i < n; i++) y[i] += 2 * x[i]; }"
for text, shapes in (*ROWS, (C, "")):
    for kind in KINDS:
        state = {"text": text, "shapes": shapes, "other": text, "path": "auto" if "->" in text else ""}
        found = answer({"ask": kind, "state": state}, held)
        if "error" in found and found["error"]["id"] not in ("EL421", "EL435"):
            print(kind, text, found["error"])
long = "C[i] = " + " + ".join(f"({n}.5 * long_name_{n}[i] - 2 * other_name_{n}[i])" for n in range(9))
found = answer({"ask": "loops", "state": {"text": long, "style": "article"}}, held)
print("ok" in found, json.dumps(sorted({name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names))))
print(found["ok"]["source"])
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    place = tmp_path_factory.mktemp("application")
    zipfile.ZipFile(io.BytesIO(application())).extractall(place)
    return place


def test_the_archive_answers_everything_without_numpy(unpacked):
    code = [sys.executable, "-I", "-S", "-W", "error", "-c", ALONE, str(unpacked)]
    done = subprocess.run(code, capture_output=True, text=True, timeout=120, check=False, cwd=unpacked)
    assert done.stderr == ""
    told, _, source = done.stdout.partition("\n")
    said, _, modules = told.partition(" ")
    assert said == "True"
    assert set(json.loads(modules)) <= {"__main__", "einloop", "jinja2", "markupsafe", "opt_einsum", "pycparser"}
    assert max(map(len, source.splitlines())) > 88
    compile(source, "loops", "exec")


def test_what_the_worker_runs_answers(unpacked):
    (program,) = re.findall(r"const PROGRAM = `(.*?)`", worker_script(), re.S)
    request = json.dumps({"id": 5, "ask": "meaning", "state": {"text": "ij->ji"}})
    code = f"{program.replace('/einloop', str(unpacked))}\nprint(ask({request!r}))"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["id"], found["ok"]["call"]) == (5, "C = np.einsum('ij->ji', A)")


def test_the_archive_has_nothing_that_a_page_does_without():
    names = zipfile.ZipFile(io.BytesIO(application())).namelist()
    assert {"einloop/web/answer.py", "einloop/_templates/pages/panel.html", "jinja2/__init__.py"} <= {*names}
    assert not [name for name in names if name.endswith((".pyc", ".so"))]
    assert not [
        name for name in names if name.startswith(("einloop/cli/", "einloop/web/building", "einloop/templates"))
    ]
    assert not [name for name in names if name.startswith("einloop/_templates/pages/web")]
    assert len(gzip.compress(application(), 9)) < 1_100_000


def test_what_is_packed_is_whole():
    assert gzip.decompress(base64.b64decode(encoded(FILES[LIBRARY]))) == FILES[LIBRARY]
    assert set(packed(FILES)) == {*PYODIDE, APPLICATION}
    assert "loadPyodide" in worker_script()
