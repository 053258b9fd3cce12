"""What a wheel carries of the templates in compiled form, in a copy of the package laid out as an installed one."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import einloop
from einloop.core.root import template_root
from einloop.targets import compiled, precompile
from einloop.targets.environment import environment
from einloop.targets.target import load_target, target_names

PACKAGE = Path(einloop.__file__).parent
EXPRESSION = "ij,jk->ik"

PRINT = """
import json, sys
sys.dont_write_bytecode = True
import jinja2
seen = []
compile_template = jinja2.Environment.compile
jinja2.Environment.compile = lambda self, *a, **k: (seen.append(a[1]), compile_template(self, *a, **k))[1]
import einloop

def text(**how):
    return einloop.generate("ij,jk->ik", shapes=[(2, 3), (3, 4)], **how).source

texts = [text(target=target, **how) for target in ("python", "c", "numba") for how in ({}, {"script": True})]
texts += [text(style=style) for style in ("scalar", "lists", "fast")]
print(json.dumps({"texts": texts, "compiled here": seen, "tomllib": "tomllib" in sys.modules}))
"""


@pytest.fixture(scope="module")
def made():
    return dict(precompile.modules())


@pytest.fixture
def installed(tmp_path, made):
    """Return the package as a wheel lays it out."""
    skip = shutil.ignore_patterns("__pycache__", "*.j2c", "_compiled", "_templates")
    package = tmp_path / "site" / "einloop"
    shutil.copytree(PACKAGE, package, ignore=skip)
    shutil.copytree(template_root(), package / "_templates", ignore=skip)
    (package / compiled.PACKAGE).mkdir()
    for name, text in made.items():
        (package / compiled.PACKAGE / name).write_text(text, encoding="utf-8")
    return package


def told(package, probe):
    """Return what a new process with this package prints."""
    env = {**os.environ, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(
        [sys.executable, "-c", probe], env=env, cwd=package.parent, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def printed(package):
    """Return texts, and what had to be compiled and loaded for them."""
    return json.loads(told(package, PRINT))


def test_nothing_is_compiled_at_a_start(installed):
    found = printed(installed)
    assert (found["compiled here"], found["tomllib"]) == ([], False)
    shutil.rmtree(installed / compiled.PACKAGE)
    by_source = printed(installed)
    assert by_source["compiled here"]
    assert by_source["tomllib"]
    assert found["texts"] == by_source["texts"]


def test_every_template_and_manifest_is_carried(made):
    names = {
        path.relative_to(template_root()).as_posix()
        for path in Path(template_root()).rglob("*")
        if path.suffix == ".j2" or path.name == "target.toml"
    }
    index: dict[str, object] = {}
    exec(made[compiled.INDEX], index)
    assert set(index["SOURCES"]) == names
    assert made.keys() == {compiled.INDEX, *(f"{re.sub('[/.]', '_', name)}.py" for name in names)}
    assert len(made) == len(names) + 1, "two files have one module"
    for name in target_names():
        table: dict[str, object] = {}
        exec(made[f"{name}_target_toml.py"], table)
        assert table["TABLE"]["styles"].keys() == load_target(name).styles.keys()


def test_templates_for_another_jinja2_are_not_used(installed):
    index = installed / compiled.PACKAGE / compiled.INDEX
    text = index.read_text(encoding="utf-8")
    index.write_text(re.sub("JINJA2 = '[^']*'", "JINJA2 = '3.0'", text), encoding="utf-8")
    for module in index.parent.glob("*_j2.py"):
        module.write_text("raise AssertionError\n", encoding="utf-8")
    found = printed(installed)
    assert "python/numpy.j2" in found["compiled here"]
    assert found["tomllib"] is False


def test_a_template_that_was_changed_where_it_is_installed(installed):
    template = installed / "_templates" / "python" / "snippet.j2"
    template.write_text("# mine\n" + template.read_text(encoding="utf-8"), encoding="utf-8")
    manifest = installed / "_templates" / "python" / "target.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("scalar", "total"), encoding="utf-8")
    text = told(installed, "import einloop; print(einloop.generate('ij->i', style='total').source)")
    assert text.startswith("# mine\nI, J = A.shape\n")


def test_a_lost_module_is_only_slow(installed):
    (installed / compiled.PACKAGE / "python_snippet_j2.py").unlink()
    (installed / compiled.PACKAGE / "c_target_toml.py").unlink()
    found = printed(installed)
    assert (found["compiled here"], found["tomllib"]) == (["python/snippet.j2"], True)


def test_a_folder_of_ones_own_is_compiled_from_its_source(installed, tmp_path):
    mine = tmp_path / "site" / "mine" / "python"
    mine.mkdir(parents=True)
    (mine / "snippet.j2").write_text("# mine\n{{ body }}", encoding="utf-8")
    text = told(installed, "import einloop; print(einloop.generate('ij->i', templates='mine').source)")
    assert text.startswith("# mine\nI, J = A.shape\n")


def test_the_same_bytes_under_every_hash_seed():
    probe = "from einloop.targets.precompile import modules; print(list(modules()))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", probe],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PACKAGE.parent)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1
    assert str(PACKAGE.parent).encode() not in texts.pop()


def test_errors_name_the_template(installed):
    """A compiled template that fails is shown by its own file and line, as one that was compiled here."""
    template = installed / "_templates" / "python" / "script.j2"
    probe = (
        "import traceback\n"
        "from einloop.targets.environment import environment\n"
        "from einloop.targets.target import load_target\n"
        "try:\n"
        "    environment(load_target('python')).get_template('python/script.j2').render()\n"
        "except Exception:\n"
        "    print(traceback.format_exc())\n"
    )
    assert re.search(rf'File "{re.escape(str(template))}", line \d+', told(installed, probe))


def test_a_checkout_has_none():
    if (PACKAGE / compiled.PACKAGE).is_dir():
        pytest.skip("this is an installed package")
    source = (Path(template_root()) / "python" / "snippet.j2").read_text(encoding="utf-8")
    assert compiled.compiled("python/snippet.j2", source) is None
    assert compiled.compiled_by() is None
    assert environment(load_target("python")).get_template("python/snippet.j2").filename.endswith("snippet.j2")
