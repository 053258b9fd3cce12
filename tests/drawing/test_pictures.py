"""Whole pictures, byte for byte: every case of the table is a file in golden/, which a browser shows.

`pytest --update-golden` rewrites the files, and fails: what it wrote is to be looked at first.
"""

import os
import re
import shlex
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest

import einloop
from einloop import cli

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("draw.md", "trace.md")
GOLDEN = Path(__file__).parent / "golden"
PRODUCT = {"shapes": [(2, 3), (3, 4)]}
ATTENTION = {"shapes": [(2, 5, 3, 4), (2, 6, 3, 4)], "names": ["Query", "Key"], "result": "scores"}
CHAIN = {"shapes": [(10, 100), (100, 5), (5, 50), (50, 1)]}

CASES = {
    "product": ("ij,jk->ik", PRODUCT, "en", "light"),
    "product_dark": ("ij,jk->ik", {**PRODUCT, "at": (0, -1)}, "en", "dark"),
    "trace": ("ii->", {"shapes": [(4, 4)]}, "en", "auto"),
    "scalars": (",->", {}, "en", "light"),
    "empty": ("ij,j->i", {"shapes": [(2, 0), (0,)]}, "en", "light"),
    "no_element": ("ij->ij", {"shapes": [(0, 3)]}, "en", "light"),
    "ellipsis": ("...ij,...jk->...ik", {"shapes": [(2, 1, 3, 2), (4, 2, 3)]}, "en", "light"),
    "named": ("batch i position, position k -> batch i k", {"notation": "named"}, "ja", "light"),
    "large": ("ij,jk->ik", {"shapes": [(400, 300), (300, 5)], "at": (200, 2)}, "en", "light"),
    "attention": ("bqhd,bkhd->bhqk", ATTENTION, "en", "light"),
    "sum": ("y[i] = A[i,j]*x[j]/2 - b[i]", {"shapes": {"A": (2, 3), "x": (3,), "b": (2,)}}, "en", "light"),
    "network_chain": ("ij,jk,kl->il", {"kind": "network"}, "en", "light"),
    "network_attention": ("bqhd,bkhd->bhqk", {**ATTENTION, "kind": "network"}, "en", "dark"),
    "network_loops": ("iij,ij,jkk,m->i", {"kind": "network"}, "en", "light"),
    "path": ("ij,jk,kl,lm->im", {**CHAIN, "kind": "path"}, "en", "light"),
    "path_ja": ("ij,jk,kl->il", {"kind": "path"}, "ja", "dark"),
    "axes": ("bqhd,bkhd->bhqk", {**ATTENTION, "kind": "axes"}, "en", "light"),
    "axes_sum": ("y[i] = A[i,j]*x[j] - b[i]*c[k]", {"kind": "axes"}, "en", "light"),
}


def picture(name):
    expression, options, lang, theme = CASES[name]
    return einloop.draw(expression, **options).show(lang, theme)


@pytest.mark.parametrize("name", CASES)
def test_picture(name, request):
    path, made = GOLDEN / f"{name}.svg", picture(name)
    if request.config.getoption("--update-golden"):
        same = path.exists() and path.read_text(encoding="utf-8") == made
        path.write_text(made, encoding="utf-8")
        pytest.fail(f"{path.name} {'stays' if same else 'is written anew'}")
    assert made == path.read_text(encoding="utf-8")


def shown_commands():
    """Return the commands of the pages about pictures that write one, by the name of its file."""
    lines = [line for name in PAGES for line in (DOCS / name).read_text(encoding="utf-8").splitlines()]
    commands = [shlex.split(line)[2:] for line in lines if line.startswith("$ einloop ") and line.endswith(".svg")]
    return {command[command.index("-o") + 1]: command for command in commands}


@pytest.mark.parametrize("name", shown_commands())
def test_the_pictures_of_the_documentation_are_what_its_commands_make(name, tmp_path, request):
    command, path = shown_commands()[name], DOCS / "pictures" / name
    place = command.index("-o") + 1
    assert cli.main([*command[:place], str(tmp_path / name), *command[place + 1 :]]) == 0
    made = (tmp_path / name).read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        path.write_text(made, encoding="utf-8")
        pytest.fail(f"{name} is written")
    assert made == path.read_text(encoding="utf-8")


def test_every_file_is_a_case():
    assert {path.stem for path in GOLDEN.glob("*")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_picture_is_an_image_with_a_title_and_a_description(name):
    root = ElementTree.fromstring(picture(name))
    first, second, *_ = root
    assert root.get("role") == "img"
    assert root.get("viewBox") in ("0 0 1280 720", "0 0 960 540")
    assert (root.get("width"), root.get("height")) == ("1280", "720")
    assert first.tag.endswith("}title")
    assert first.text == CASES[name][0]
    assert second.tag.endswith("}desc")
    assert second.text
    assert min(float(text.get("font-size")) for text in root.iter("{http://www.w3.org/2000/svg}text")) >= 14


def test_the_description_has_the_sentence_of_the_explanation():
    sentence = "For every i and k, multiply A[i,j] by B[j,k] and add up over j."
    assert sentence in einloop.explain("ij,jk->ik").show()
    assert f"<desc>{sentence} C[1,2] is highlighted, with the elements that it needs: 3 products.</desc>" in picture(
        "product"
    )


def test_no_hash_seed_changes_a_picture():
    code = (
        "import einloop\n"
        "for kind in ('cells', 'network', 'path', 'axes'):\n"
        "    print(einloop.draw('abc,bcd,cde,ae->bd', kind=kind).show())"
    )
    made = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(einloop.__file__).parents[1])}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        made.add(done.stdout)
    assert len(made) == 1


HOSTILE = "<script>alert(1)</script> & \"'"


@pytest.mark.parametrize("kind", ["cells", "network", "path", "axes"])
def test_nothing_of_a_person_is_taken_for_markup(kind):
    text = f"np.einsum('ij,jk->ik', a, b)  # {HOSTILE}"
    svg = einloop.draw(text, kind=kind).show()
    root = ElementTree.fromstring(svg)
    assert not [one for one in root.iter() if "script" in one.tag]
    assert HOSTILE in root[0].text


def test_a_notebook_shows_the_picture():
    drawing = einloop.draw("ij->ji")
    assert drawing._repr_svg_() == drawing.show()
    image = re.fullmatch(
        r'<img src="data:image/svg\+xml;base64,([\w+/=]+)" alt="(.*?)" style=".*">', drawing._repr_html_()
    )
    assert b64decode(image[1]).decode() == drawing.show()
    assert image[2].startswith("For every j and i, take A[i,j].")
    assert repr(drawing) == "<cells 'ij->ji'>"
