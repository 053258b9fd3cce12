"""Frozen dataclasses whose methods are written at their first use: the same classes, made at a tenth of the cost.

`dataclasses` writes and compiles half a dozen methods for every class, which takes longer than all else in a module of
classes. A start loads some seventy of them, makes values of half, and compares, copies or shows those of a few.
For modules that every start loads; elsewhere `dataclasses` itself does.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(**options: bool) -> Callable[[type], type]:
        """Return what makes of a class what `dataclasses.dataclass` does with the same options: `frozen` and `slots`,
        perhaps `kw_only` and `repr`.

        The class has no zero-argument `super()`. One with `__post_init__`, `field(init=False)` or a base with fields
        is made by `dataclasses` at once, and so is one that is not frozen.

        >>> @dataclass(frozen=True, slots=True, kw_only=True)
        ... class Pair:
        ...     left: int
        ...     right: int = 0
        >>> Pair(left=1), Pair(left=1) == Pair(left=1, right=0)
        (Pair(left=1, right=0), True)
        """
        return lambda cls: _Plan(cls, options).made if _plain(cls, options) else dataclasses.dataclass(**options)(cls)


__all__ = ["dataclass"]

INIT = "__init__"
"""Written alone at the first value: most classes of a start need no other method."""
FIELDS = "__dataclass_fields__"
"""Where `dataclasses.fields` and `replace` look."""
PARAMS = "__dataclass_params__"
"""Where `dataclasses` looks for the options of a base."""
LATER = ("__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__", "__getstate__", "__setstate__")
"""What `dataclasses` writes, all of it when one is used."""
UNLESS = {"eq": ("__eq__", "__hash__"), "repr": ("__repr__",)}
"""What it does not write where an option is False."""
OWN = ("__dict__", "__weakref__")
"""Attributes that every class makes anew."""


def _plain(cls: type, options: dict[str, bool]) -> bool:
    """Return whether every argument of the class goes into its own slot, and nothing else does."""
    fields = [value for value in vars(cls).values() if isinstance(value, dataclasses.Field)]
    inherited = any(hasattr(base, FIELDS) for base in cls.__mro__[1:])
    derived = hasattr(cls, "__post_init__") or not all(field.init for field in fields)
    return all(options.get(name) for name in ("frozen", "slots")) and not inherited and not derived


class _Plan:
    """What is still to be done for a class; `made` is the class, with slots, and stubs in place of methods."""

    def __init__(self, cls: type, options: dict[str, bool]) -> None:
        self.name, self.bases, self.options = cls.__name__, cls.__bases__, options
        self.given = {name: value for name, value in vars(cls).items() if name not in OWN}
        self.given["__qualname__"] = cls.__qualname__
        self.slots = tuple(name for name, text in cls.__annotations__.items() if not text.startswith("ClassVar"))
        kept = {name: value for name, value in self.given.items() if name not in self.slots}
        unwritten = [name for option, names in UNLESS.items() if not options.get(option, True) for name in names]
        stubs = {name: _stub(name, self.finish) for name in LATER if name not in kept and name not in unwritten}
        self.stubs = {FIELDS: _Later(FIELDS, self.write_fields), PARAMS: _Later(PARAMS, self.finish), **stubs}
        matched = () if options.get("kw_only") else self.slots
        first = {INIT: _stub(INIT, self.write_init), "__match_args__": matched, **self.stubs}
        self.made = type(self.name, self.bases, {**first, **kept, "__slots__": self.slots})

    def write_init(self) -> None:
        """Write `__init__`, which puts every argument straight into its slot."""
        known: dict[str, Any] = {"_missing": dataclasses.MISSING}
        parameters, lines = [], []
        for name in self.slots:
            known[f"_set_{name}"] = vars(self.made)[name].__set__
            default, make = _default(self.given.get(name, dataclasses.MISSING))
            known |= {f"_default_{name}": default, f"_make_{name}": make}
            required = default is make is dataclasses.MISSING
            parameters.append(name if required else f"{name}=_default_{name}")
            made = "" if make is dataclasses.MISSING else f"_make_{name}() if {name} is _missing else "
            lines.append(f"    _set_{name}(self, {made}{name})")
        star = "*, " if parameters and self.options.get("kw_only") else ""
        exec("\n".join([f"def {INIT}(self, {star}{', '.join(parameters)}):", *lines, "    return"]), known)
        known[INIT].__qualname__ = f"{self.made.__qualname__}.{INIT}"
        setattr(self.made, INIT, known[INIT])

    def write_fields(self) -> None:
        """Write the fields, for what only asks for them."""
        options = self.options | {"frozen": False, "slots": False, "init": False, "repr": False, "eq": False}
        setattr(self.made, FIELDS, vars(dataclasses.dataclass(**options)(self.copy()))[FIELDS])

    def finish(self) -> None:
        """Take everything but `__init__` from the class that `dataclasses` makes of the same text."""
        whole = vars(dataclasses.dataclass(**self.options)(self.copy()))
        for name, value in whole.items():
            if name in self.stubs or name not in vars(self.made):
                setattr(self.made, name, value)

    def copy(self) -> type:
        """Return the class as its text makes it."""
        return type(self.name, self.bases, dict(self.given))


class _Later:
    """Stands for an attribute of a class until somebody asks for it."""

    def __init__(self, name: str, write: Callable[[], None]) -> None:
        self.name, self.write = name, write

    def __get__(self, instance: object, owner: type) -> Any:
        self.write()
        return getattr(owner, self.name)


def _stub(name: str, write: Callable[[], None]) -> Callable[..., Any]:
    """Return a method that has the real one written, and calls it."""

    def stub(this: Any, *positional: Any, **named: Any) -> Any:
        write()
        return getattr(type(this), name)(this, *positional, **named)

    return stub


def _default(value: Any) -> tuple[Any, Any]:
    """Return the default of a field and what makes one, MISSING where there is none."""
    return (
        (value.default, value.default_factory) if isinstance(value, dataclasses.Field) else (value, dataclasses.MISSING)
    )
