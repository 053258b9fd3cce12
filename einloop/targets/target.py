"""What a target is: its `target.toml`, read and checked. Renders nothing."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..core.errors import OptionError, TemplateError
from ..core.generated import Form, Values
from ..core.near import meant
from ..core.root import template_root

MANIFEST = "target.toml"
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
    `abilities` are what its blocks can write beside plain loops: strides, threads, kernels, lanes.
    """

    name: str
    roots: tuple[str, ...]
    foreign: bool
    forms: Mapping[Form, str]
    styles: Mapping[str, Style]
    title: str
    suffix: str = ""
    comment: str = "#"
    runner: str | None = None
    header: str | None = None
    formatter: str | None = None
    max_nested_loops: int = UNLIMITED
    reserved: tuple[str, ...] = ()
    abilities: tuple[str, ...] = ()
    negative_strides: bool = True

    def style(self, name: str) -> Style:
        """Return the style called `name`. Raises OptionError where there is none."""
        if name not in self.styles:
            hint = meant(name, self.styles, f"it has {', '.join(self.styles)}")
            raise OptionError("EL402", f"target {self.name!r} has no style {name!r}", hint=hint)
        return self.styles[name]

    def form(self, form: Form) -> str:
        """Return the template of a form. Raises OptionError where the target has none."""
        if form not in self.forms:
            raise OptionError(
                "EL402", f"target {self.name!r} has no {form.value} form",
                hint=f"it has {', '.join(f.value for f in self.forms)}",
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
    path = next((place for place in places if re.fullmatch(r"[\w-]+", name) and os.path.isfile(place)), None)
    if path is None:
        names = target_names(folder)
        hint = meant(name, names, f"there are {', '.join(names)}")
        raise TemplateError("EL502", f"there is no target {name!r}", hint=hint)
    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise TemplateError("EL503", f"target {name!r}: {path} cannot be read: {error}") from None
    return _target(name, roots, folder is not None, table, path)


def target_names(folder: str | None = None) -> tuple[str, ...]:
    """Return the names of all targets, the user's among them, sorted."""
    roots = [root for root in (folder, template_root()) if root is not None and os.path.isdir(root)]
    return tuple(
        sorted(
            {name for root in roots for name in os.listdir(root) if os.path.isfile(os.path.join(root, name, MANIFEST))}
        )
    )


def _target(name: str, roots: tuple[str, ...], foreign: bool, table: dict[str, object], path: str) -> Target:
    try:
        forms = {Form(key): str(value) for key, value in _mapping(table["forms"]).items()}
        styles = {key: _style(key, _mapping(value)) for key, value in _mapping(table["styles"]).items()}
        return Target(
            name=name,
            roots=roots,
            foreign=foreign,
            forms=forms,
            styles=styles,
            title=str(table.get("title", name)),
            suffix=str(table.get("suffix", "")),
            comment=str(table.get("comment", "#")),
            runner=_optional(table.get("runner")),
            header=_optional(table.get("header")),
            formatter=_optional(table.get("formatter")),
            max_nested_loops=int(str(table.get("max_nested_loops", UNLIMITED))),
            reserved=_strings(table.get("reserved", [])),
            abilities=_strings(table.get("abilities", [])),
            negative_strides=bool(table.get("negative_strides", True)),
        )
    except (KeyError, TypeError, ValueError) as error:
        missing = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise TemplateError("EL503", f"target {name!r}: {path}: {missing}") from None


def _style(name: str, table: dict[str, object]) -> Style:
    return Style(
        name=name,
        blocks=str(table["blocks"]),
        schedule=_strings(table.get("schedule", [])),
        values=Values(table.get("values", "arrays")),
        about=str(table.get("about", "")),
        dtypes=_strings(table.get("dtypes", [])),
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
