"""What a target is: its `target.toml`, read and checked. Renders nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache, lru_cache

from ..core.ability import Ability
from ..core.dtypes import DTYPES
from ..core.errors import OptionError, TemplateError
from ..core.frozen import dataclass
from ..core.generated import Form, Values
from ..core.near import meant
from ..core.root import template_root
from .compiled import compiled

MANIFEST = "target.toml"
HEADER = ".h"
LIKE = {".cpp": ".c", ".cc": ".c", ".cxx": ".c"}
"""How files end that take what a target writes, under other names: its C is C++ too."""
MAX_CHARACTERS = 20_000
MAX_CHARACTERS_A_LINE = 2_000
"""Characters of a manifest, and of a line in it, that are read: a key of many parts takes long."""
FORMATTERS = ("black",)
UNLIMITED = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One way of writing a target: the file with its blocks, the schedule, and what it computes on.

    `dtypes`: the only ones it is right for, the first where none is declared; none: every one.
    """

    name: str
    blocks: str
    schedule: tuple[str, ...] = ()
    values: Values = Values.ARRAYS
    about: str = ""
    dtypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A language to emit: its forms and styles, and what its text may not contain.

    `roots` are the folders its templates are looked up in, the user's first; `foreign` where one is the user's.
    `header` is the template that declares a function for other files, in languages that have such a thing.
    """

    name: str
    roots: tuple[str, ...]
    foreign: bool
    forms: Mapping[Form, str]
    styles: Mapping[str, Style]
    title: str
    suffix: str = ""
    runner: str | None = None
    header: str | None = None
    formatter: str | None = None
    max_nested_loops: int = UNLIMITED
    reserved: tuple[str, ...] = ()
    abilities: frozenset[Ability] = frozenset()
    negative_strides: bool = True

    def style(self, name: str) -> Style:
        """Return the style called `name`. Raises OptionError where there is none."""
        if name not in self.styles:
            hint = meant(name, self.styles, f"it has {', '.join(self.styles)}")
            raise OptionError("EL469", f"target {self.name!r} has no style {name!r}", hint=hint)
        return self.styles[name]

    def form(self, form: Form) -> str:
        """Return the template of a form. Raises OptionError where the target has none."""
        if form not in self.forms:
            raise OptionError(
                "EL469", f"target {self.name!r} has no {form.value} form",
                hint=_having(form) or f"it has {', '.join(f.value for f in self.forms)}",
            )  # fmt: skip
        return self.forms[form]


def load_target(name: str, folder: str | None = None) -> Target:
    """Return the target called `name`, from the user's `folder` of templates where it holds one.

    Raises TemplateError where there is no such target or its `target.toml` is broken.

    >>> load_target("python").styles["scalar"].schedule
    ('order(output)', 'accumulate')
    """
    if folder is None:
        return _built_in(name)
    if not os.path.isdir(folder):
        raise TemplateError("EL502", f"the template folder {folder!r} does not exist")
    # a person at work on templates changes them and calls again: nothing of theirs is kept
    return _read_target(name, os.path.abspath(folder))


@lru_cache(maxsize=16)
def _built_in(name: str) -> Target:
    return _read_target(name, None)


def _read_target(name: str, folder: str | None) -> Target:
    roots = (folder, template_root()) if folder is not None else (template_root(),)
    places = [os.path.join(root, name, MANIFEST) for root in roots]
    if not re.fullmatch(r"[\w-]+", name):
        raise TemplateError(
            "EL502", f"{name!r} is not a valid target name", hint="use letters, digits, _ and - in the folder's name"
        )
    path = next((place for place in places if os.path.isfile(place)), None)
    if path is None:
        names = target_names(folder)
        hint = meant(name, names, f"there are {', '.join(names)}")
        raise TemplateError("EL502", f"there is no target {name!r}", hint=hint)
    return _target(name, roots, folder is not None, _table(name, path), path)


def _table(name: str, path: str) -> dict[str, object]:
    """Return what a manifest says. Raises TemplateError where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(MAX_CHARACTERS + 1)
        if len(text) > MAX_CHARACTERS:
            raise ValueError(f"it has more than {MAX_CHARACTERS:,} characters")
        if any(len(line) > MAX_CHARACTERS_A_LINE for line in text.splitlines()):
            raise ValueError(f"it has a line of more than {MAX_CHARACTERS_A_LINE:,} characters")
        module = compiled(f"{name}/{MANIFEST}", text)
        if module is not None:
            return dict(module.TABLE)
        from tomllib import loads  # takes 5 ms to load

        return loads(text)
    except RecursionError:
        raise TemplateError("EL503", f"target {name!r}: {path} cannot be read: it nests too deeply") from None
    except (ValueError, OSError) as error:
        raise TemplateError("EL503", f"target {name!r}: {path} cannot be read: {error}") from None


def _having(form: Form) -> str | None:
    """Return a hint at the only target that has a form, None where there are several."""
    names = [name for name in target_names() if form in load_target(name).forms]
    return f"--target {names[0]} has it" if len(names) == 1 else None


def target_names(folder: str | None = None) -> tuple[str, ...]:
    """Return the names of all targets, the user's among them, sorted."""
    roots = [root for root in (folder, template_root()) if root is not None and os.path.isdir(root)]
    return tuple(
        sorted(
            {name for root in roots for name in os.listdir(root) if os.path.isfile(os.path.join(root, name, MANIFEST))}
        )
    )


@cache
def runnable_targets() -> tuple[str, ...]:
    """Return the names of the built-in targets whose texts einloop can run, sorted.

    >>> {"c", "numba", "python"} <= {*runnable_targets()}
    True
    """
    return tuple(name for name in target_names() if load_target(name).runner is not None)


def styles_of(name: str, folder: str | None = None) -> dict[str, str]:
    """Return the names of a target's styles, each with one line about it, in the order of its manifest.

    >>> list(styles_of("c"))
    ['article', 'scalar', 'fast']
    """
    return {style.name: style.about for style in load_target(name, folder).styles.values()}


def _target(name: str, roots: tuple[str, ...], foreign: bool, table: dict[str, object], path: str) -> Target:
    try:
        forms = {Form(key): str(value) for key, value in _mapping(table["forms"]).items()}
        dtypes = _dtypes(table.get("dtypes", []))
        styles = {key: _style(key, _mapping(value), dtypes) for key, value in _mapping(table["styles"]).items()}
        return Target(
            name=name,
            roots=roots,
            foreign=foreign,
            forms=forms,
            styles=styles,
            title=str(table.get("title", name)),
            suffix=str(table.get("suffix", "")),
            runner=_optional(table.get("runner")),
            header=_optional(table.get("header")),
            formatter=_formatter(table.get("formatter")),
            max_nested_loops=int(str(table.get("max_nested_loops", UNLIMITED))),
            reserved=_strings(table.get("reserved", [])),
            abilities=frozenset(map(_ability, _strings(table.get("abilities", [])))),
            negative_strides=bool(table.get("negative_strides", True)),
        )
    except (KeyError, TypeError, ValueError) as error:
        missing = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise TemplateError("EL503", f"target {name!r}: {path}: {missing}") from None


def _ability(name: str) -> Ability:
    names = [ability.value for ability in Ability]
    if name not in names:
        raise ValueError(f"there is no ability {name!r}, only {', '.join(names)}")
    return Ability(name)


def _formatter(value: object) -> str | None:
    if value not in (None, *FORMATTERS):
        raise ValueError(f"there is no formatter {value!r}, only {', '.join(FORMATTERS)}")
    return _optional(value)


def _dtypes(value: object) -> tuple[str, ...]:
    """Return dtypes that a manifest lists; "c" and "numba" are all that have a name there."""
    if value not in ("c", "numba"):
        return _strings(value)
    return tuple(name for name, row in DTYPES.items() if (row.c if value == "c" else row.numba))


def _style(name: str, table: dict[str, object], dtypes: tuple[str, ...]) -> Style:
    return Style(
        name=name,
        blocks=str(table["blocks"]),
        schedule=_strings(table.get("schedule", [])),
        values=Values(table.get("values", "arrays")),
        about=str(table.get("about", "")),
        dtypes=_dtypes(table["dtypes"]) if "dtypes" in table else dtypes,
    )


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} should be a table")
    return value


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} should be a list of strings")
    return tuple(map(str, value))


def _optional(value: object) -> str | None:
    return None if value is None else str(value)
