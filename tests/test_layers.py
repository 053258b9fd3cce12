"""The layers of docs/contributing/architecture.md: imports point down without circles, and a plain start loads little.

Doctests may import anything: they are text to the syntax tree.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import einloop

PACKAGE = Path(einloop.__file__).parent

WORKSHOPS = (
    "notation",
    "lifting",
    "schedule",
    "targets",
    "format",
    "runners",
    "proof",
    "analysis",
    "evaluate",
    "views",
    "measure",
)
COMPOSITION = ("pipeline", "dropin")
FRONTENDS = ("api", "cli")
WEB = "web"
"""A frontend beside them, which the commands `page` and `serve` start."""
NOTEBOOK = "notebook"
"""A frontend that stands on the command line: it parses as that does."""
ROOT = ("__init__", "__main__")

BELOW = {
    "core": {"core"},
    **{room: {"core", room} for room in WORKSHOPS},
    "pipeline": {"core", "pipeline", *WORKSHOPS},
    **{room: {"core", room, "pipeline", *WORKSHOPS} for room in COMPOSITION if room != "pipeline"},
    **{room: {"core", room, *COMPOSITION, *WORKSHOPS} for room in (*FRONTENDS, WEB)},
    "cli": {"core", "cli", WEB, *COMPOSITION, *WORKSHOPS},
    NOTEBOOK: {"core", NOTEBOOK, "cli", *COMPOSITION, *WORKSHOPS},
    **{room: {"core", NOTEBOOK, *FRONTENDS, *COMPOSITION, *WORKSHOPS} for room in ROOT},
}
"""What each room may import: itself and what stands below it. Workshops do not see each other, nor frontends."""

STANDARD = sys.stdlib_module_names | {"_typeshed"}
"""The standard library, with the module that exists for type checkers only."""

THIRD_PARTY = {
    "targets": {"jinja2"},
    "format": {"black"},
    "analysis": {"cotengra", "numpy", "opt_einsum"},
    "runners": {"numpy", "numba", "llvmlite"},
    "proof": {"numpy"},
    "measure": {"numpy", "opt_einsum", "torch"},
    "views": {"cairosvg", "jinja2", "playwright", "rich"},
    "lifting": {"pycparser"},
    "dropin": {"numpy"},
    NOTEBOOK: {"IPython"},
}
"""Which room knows which library, at any place in its files."""

FORMATS = ("text", "markdown", "html", "latex", "json", "comment")

HEAVY = ("numpy", "black", "opt_einsum", "rich", "torch", "numba", "cotengra", "cairosvg", "playwright")
"""What a plain start does without."""


def modules(package: Path) -> dict[str, str]:
    """Return the text of every module below `package` by its dotted name without the package's own."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
        if "_templates" not in path.parts
    }


def room_of(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def imports(module: str, text: str, rooms: set[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, target) for every import in a module, wherever it stands.

    A target inside the package is written with a dot in front: `.core.spec`; `.` is the package itself.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, _absolute(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node.lineno, target) for target in _members(_absolute(node.module or ""), node, rooms))
        elif isinstance(node, ast.ImportFrom):
            # the package of `cli.show` is `cli`, that of `cli.__init__` too
            base = module.split(".")[: -node.level]
            inside = "." + ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield from ((node.lineno, target) for target in _members(inside, node, rooms))


def _absolute(name: str) -> str:
    return "." + name.removeprefix("einloop").removeprefix(".") if room_of(name) == "einloop" else name


def _members(target: str, node: ast.ImportFrom, rooms: set[str]) -> list[str]:
    """Return what `from target import names` reaches: rooms, where `target` is the package itself."""
    return [f".{alias.name}" if alias.name in rooms else target for alias in node.names] if target == "." else [target]


def violations(texts: dict[str, str]) -> list[str]:
    """Return every import that does not point down, and every library in a room that should not know it."""
    found = []
    rooms = {room_of(module) for module in texts} | set(BELOW)
    for module, text in texts.items():
        room = room_of(module)
        assert room in BELOW, f"{module}: a room that this test does not know; say where it stands"
        for line, target in imports(module, text, rooms):
            if target == ".":
                wrong = "__version__" not in text.splitlines()[line - 1]
            elif target.startswith("."):
                wrong = room_of(target[1:]) not in BELOW[room]
            else:
                library = room_of(target)
                wrong = library not in STANDARD | THIRD_PARTY.get(room, set())
            if wrong:
                found.append(f"{module}:{line} imports {target}")
    return found


def test_every_import_points_down():
    assert violations(modules(PACKAGE)) == []


def test_the_walk_sees_the_whole_package():
    texts = modules(PACKAGE)
    assert {room_of(module) for module in texts} == set(BELOW)
    every = [target for module, text in texts.items() for _, target in imports(module, text, set(BELOW))]
    assert sum(target.startswith(".core") for target in every) > 80
    assert ".pipeline.show" in every


def test_every_room_uses_the_libraries_that_it_may_know():
    used: dict[str, set[str]] = {}
    for module, text in modules(PACKAGE).items():
        libraries = {room_of(target) for _, target in imports(module, text, set(BELOW)) if not target.startswith(".")}
        used.setdefault(room_of(module), set()).update(libraries - STANDARD)
    assert {room: libraries for room, libraries in used.items() if libraries} == THIRD_PARTY


def imported_modules(module: str, text: str, names: set[str]) -> set[str]:
    """Return the modules of the package that a module imports, wherever the import stands.

    `from .room import part` imports the module `room.part` where there is one, else what `room/__init__.py` defines.
    """
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            inside = ".".join([*base, *filter(None, [(node.module or "").removeprefix("einloop").strip(".")])])
            if node.level or room_of(node.module or "") == "einloop":
                found |= {_module(f"{inside}.{alias.name}", names) or _module(inside, names) for alias in node.names}
        elif isinstance(node, ast.Import):
            ours = [alias.name for alias in node.names if room_of(alias.name) == "einloop"]
            found |= {_module(name.removeprefix("einloop"), names) for name in ours}
    return {target for target in found if target} - {module}


def _module(name: str, names: set[str]) -> str:
    """Return the module of a dotted name: a file, or the `__init__` of a folder; '' where there is neither."""
    name = name.strip(".")
    return next((one for one in (name, f"{name}.__init__".strip(".")) if one in names), "")


def circle(texts: dict[str, str]) -> list[str]:
    """Return the modules of a circle of imports, none where there is no circle."""
    graph = {module: imported_modules(module, text, set(texts)) for module, text in texts.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_imports_go_in_a_circle():
    texts = modules(PACKAGE)
    assert imported_modules("core.bind", texts["core.bind"], set(texts)) >= {"core.errors", "core.spec"}
    assert circle(texts) == []


@pytest.mark.parametrize(
    "texts",
    [
        {"core.a": "from .b import f", "core.b": "def f():\n    from . import a"},
        {"core.a": "import einloop.core.b", "core.b": "if TYPE_CHECKING:\n    from .a import T"},
        {
            "core.a": "from einloop.core.c import f",
            "core.c.__init__": "from .d import f",
            "core.c.d": "from .. import a",
        },
        {"views.__init__": "from .a import f", "views.a": "from . import g"},
    ],
)
def test_a_circle_is_found(texts):
    assert circle(texts)


@pytest.mark.parametrize(
    "texts",
    [
        {"core.a": "from .b import f\nfrom .c import g", "core.b": "from .c import g", "core.c": "import ast"},
        {"views.__init__": "from .a import f", "views.a": "from .b import g", "views.b": ""},
    ],
)
def test_what_is_no_circle_is_fine(texts):
    assert circle(texts) == []


@pytest.mark.parametrize(
    ("module", "text", "found"),
    [
        ("core.spec", "from ..notation import read", "core.spec:1 imports .notation"),
        ("core.spec", "import numpy as np", "core.spec:1 imports numpy"),
        ("core.spec", "def f():\n    import jinja2.sandbox", "core.spec:2 imports jinja2.sandbox"),
        ("proof.cases", "from ..schedule.lower import lower", "proof.cases:1 imports .schedule.lower"),
        ("proof.__init__", "from ..schedule import lower", "proof.__init__:1 imports .schedule"),
        ("views.data", "from einloop.pipeline import generate", "views.data:1 imports .pipeline"),
        ("views.data", "import einloop.cli.show", "views.data:1 imports .cli.show"),
        ("views.data", "import einloop", "views.data:1 imports ."),
        ("views.data", "from .. import pipeline", "views.data:1 imports .pipeline"),
        ("views.data", "from .. import generate", "views.data:1 imports ."),
        ("notation.call", "if TYPE_CHECKING:\n    from ..views import data", "notation.call:2 imports .views"),
        ("targets.target", "import numpy", "targets.target:1 imports numpy"),
        ("pipeline", "from .api import generate", "pipeline:1 imports .api"),
        ("pipeline", "from .dropin import einsum", "pipeline:1 imports .dropin"),
        ("dropin", "from . import api", "dropin:1 imports .api"),
        ("api", "from .cli import main", "api:1 imports .cli"),
        ("cli.show", "from ..api import generate", "cli.show:1 imports .api"),
    ],
)
def test_an_arrow_that_points_up_is_found(module, text, found):
    assert violations({module: text}) == [found]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("core.spec", "from .source import Span\nimport re"),
        ("views.terminal", "from rich.text import Text\nfrom ..core.spec import Spec\nfrom . import data"),
        ("pipeline", "from . import proof\nfrom .notation.shapes import read_shape"),
        ("dropin", "from . import pipeline\nimport numpy as np"),
        ("cli.parser", "from .. import __version__\nfrom .. import pipeline\nfrom .output import Output"),
        ("__main__", "from .cli import main"),
    ],
)
def test_an_arrow_that_points_down_is_fine(module, text):
    assert violations({module: text}) == []


def fresh(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `code` in an interpreter of its own that finds the package where this one did."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


LOADED = f"\nimport sys\nprint(*(name for name in {HEAVY} if name in sys.modules))"


@pytest.mark.parametrize(
    "code",
    [
        "import einloop",
        "import einloop; [getattr(einloop, name) for name in einloop.__all__]",
        "from einloop.notation import read; read('ij,jk->ik'); read('einsum(\"ij->i\", a)'); read('y_i = A_{ij} x_j')",
        "from einloop.core.bind import bind_sizes; from einloop.notation import read; bind_sizes(read('ij'), [(2, 3)])",
        "import einloop; einloop.generate('ij,jk->ik')",
        "import einloop; einloop.generate('ij,jk->ik', function='f', comments=True, shapes=[(2, 3), (3, 4)]).source",
        "import einloop; einloop.generate('ij,jk->ik', style='scalar', dtypes='int8', script=True)",
        "import einloop; einloop.generate('...ij->...ji', order='j,i,...')",
        "import einloop; einloop.generate('ij->i', style='lists', function='f')",
        "import einloop; [einloop.explain('ij,jk->ik').show(format) for format in FORMATS]",
        "import einloop; einloop.explain('...ij->...ji').show()",
        "import einloop; einloop.explain('ij,jk', shapes=[(2, 3), (3, 4)]).show()",
        "import sys, io; sys.stdout, out = io.StringIO(), sys.stdout\n"
        "from einloop.cli import main; assert main(['explain', 'ij,jk->ik', '--lang', 'ja']) == 0; sys.stdout = out",
        "from einloop.cli import main; main(['ij,jk->ik', '--no-verify', '-o', '/dev/null'])",
        "import sys, io; sys.stdout, out = io.StringIO(), sys.stdout\n"
        "from einloop.cli import main; main(['ij', '--no-verify', '--json']); main(['templates']); sys.stdout = out",
        "import einloop; einloop.why('ij,jk->ik', at=(1, 2)).show(); einloop.equivalent('ij,jk->ik', 'ab,bc')",
        "import sys, io; sys.stderr, err = io.StringIO(), sys.stderr\n"
        "from einloop.cli import main; assert main(['ij->z']) == 2; sys.stderr = err",
    ],
)
def test_reading_lowering_and_rendering_load_nothing_heavy(code):
    done = fresh(f"FORMATS = {FORMATS}\n{code}{LOADED}")
    assert (done.stdout, done.stderr) == ("\n", "")


def test_the_check_for_heavy_libraries_can_fail():
    done = fresh("import numpy\nimport einloop" + LOADED)
    assert done.stdout == "numpy\n"


# lines of more than 88 characters need black; none of these emissions has one
GENERATE = """
import einloop
EXPRESSIONS = ("ij->i", "->", "ij,jk->ik", "...ij,jk->...ik", "iij->ij", "np.einsum('ij,j->i', m, v)", "c_i = A_{ij}")
for expression in EXPRESSIONS:
    for style in ("article", "scalar"):
        for options in ({}, {"function": "f"}, {"comments": True}, {"dtypes": "float32", "checks": True}):
            assert einloop.generate(expression, style=style, **options).source
for style in ("article", "scalar", "lists"):
    assert einloop.generate("ij,jk->ik", style=style, shapes=[(2, 1), (3, 4)], script=False).source
    assert einloop.generate("ij,jk->ik", style=style, script=True).source
try:
    einloop.generate("ij->z")
except einloop.EinloopError as error:
    assert "output index 'z'" in str(error)
print("done")
"""


def test_one_and_two_operands_need_none_of_the_heavy_libraries():
    done = fresh(f"import sys\nsys.modules.update(dict.fromkeys({HEAVY}))" + GENERATE)
    assert (done.stdout, done.stderr) == ("done\n", "")


ALONE = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        root = name.split(".")[0]
        if root not in sys.stdlib_module_names and root not in ("einloop", "jinja2", "markupsafe"):
            raise ModuleNotFoundError(f"{name} is refused here", name=name)

sys.meta_path.insert(0, Refuse())
"""


def test_the_core_runs_on_the_standard_library_and_jinja2():
    done = fresh(ALONE + GENERATE)
    assert (done.stdout, done.stderr) == ("done\n", "")
    refused = fresh(ALONE + "import numpy")
    assert "ModuleNotFoundError: numpy is refused here" in refused.stderr


def test_core_alone_runs_on_the_standard_library():
    names = [f"einloop.{module}" for module in modules(PACKAGE) if room_of(module) == "core"]
    done = fresh(
        ALONE.replace('"jinja2", "markupsafe"', '""') + f"import {', '.join(names)}\nprint(len(sys.modules) > 0)"
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


AUDIT = """
import sys

sys.dont_write_bytecode = True
import einloop
from einloop.core.root import template_root

opened, others = [], []
HARMLESS = (".py", ".pyc", ".so")

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and not arguments[0].endswith(HARMLESS):
        opened.append(arguments[0])
    elif event in ("subprocess.Popen", "os.fork", "os.exec", "os.system", "_thread.start_new_thread", "socket.connect"):
        others.append(event)

sys.addaudithook(hook)
"""


def test_generating_opens_templates_only_and_starts_nothing():
    outside = "print([path for path in opened if not path.startswith(template_root())], others, len(opened) > 2)"
    done = fresh(AUDIT + GENERATE + outside)
    assert (done.stdout, done.stderr) == ("done\n[] [] True\n", "")


def test_public_names_are_still_themselves_after_use():
    """A room called `verify` and a function called `verify` share one attribute of the package."""
    done = fresh(
        "import einloop\n"
        "before = {name: getattr(einloop, name) for name in einloop.__all__}\n"
        "assert einloop.verify('ij,jk->ik')\n"
        "assert einloop.einsum('ij->i', [[1]]) == [1]\n"
        "print([name for name in einloop.__all__ if getattr(einloop, name) is not before[name]])"
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
