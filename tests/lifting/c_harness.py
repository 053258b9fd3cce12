"""Runs a C kernel for real: compiles it, calls it through ctypes on whole numbers, and gives back what it left."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from einloop.core.topic import Topic
from einloop.lifting.c.names import Setting
from einloop.lifting.c.program import inputs_of, main_function
from einloop.lifting.c.signature import CParameter, CSignature
from einloop.lifting.c.statements import CRun, shared
from einloop.lifting.c.tree import parsed
from einloop.lifting.c.types import Arithmetic, ArrayType, PointerType, RecordType
from einloop.lifting.c.usage import usage_of
from einloop.lifting.sizes import Refusal, Sizes, Unequal
from einloop.lifting.trials import longer

NUMBERS = {
    "float32": ctypes.c_float, "float64": ctypes.c_double, "int8": ctypes.c_int8, "int16": ctypes.c_int16,
    "int32": ctypes.c_int32, "int64": ctypes.c_int64, "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16,
    "uint32": ctypes.c_uint32, "uint64": ctypes.c_uint64,
}  # fmt: skip


def inputs(text: str, lengths: tuple[int, ...], statements: str = "") -> Mapping[str, Any]:
    """What the function of a text is given for lengths: a length, or the shape that it or `statements` need."""
    tree = parsed(text)
    joins: dict[Any, Any] = {}
    while True:
        sizes = Sizes(lengths, joins, {})
        run = CRun(tree, usage_of(tree.root), sizes, Setting(), shared())
        try:
            run.main(main_function(tree))
        except Unequal as error:
            joins[sizes.home(error.one)] = sizes.home(error.other)
            continue
        except Refusal as refusal:
            long = refusal.topic is Topic.TOO_LONG and all(one.rows for one in run.memories)
            if not long and refusal.id != "EL807":  # the root of a total, which is a number once it has a name
                raise
        found = inputs_of(run)
        return found | longer(found, statements)


def compiled(found: CSignature, folder: Path) -> ctypes.CDLL:
    source, shared = folder / "kernel.c", folder / "kernel.so"
    source.write_text(found.source, encoding="utf-8")
    subprocess.run(
        ["cc", "-O1", "-w", "-shared", "-fPIC", "-o", str(shared), str(source), "-lm"], check=True, capture_output=True
    )
    return ctypes.CDLL(str(shared))


def dtype_of(kind: Arithmetic) -> str:
    return f"{'u' if kind.unsigned else ''}{'int' if kind.whole else 'float'}{8 * kind.size}"


def element(kind: Any) -> Any:
    while isinstance(kind, (PointerType, ArrayType)):
        kind = kind.to if isinstance(kind, PointerType) else kind.of
    return kind


def depth(kind: Any) -> int:
    """How many axes an array in a struct has."""
    return 1 + depth(kind.of) if isinstance(kind, ArrayType) else 0


class Called:
    """One call. `values`: every input by the name that statements have for it; arrays are written in place."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)
        self.kept: list[Any] = []
        self.after: list[Any] = []
        self.inside: list[Any] = []

    def array(self, name: str, kind: Any) -> np.ndarray:
        """The input as the dtype that C has; what statements see is the same."""
        dtype = dtype_of(kind)
        self.values[name] = np.ascontiguousarray(np.asarray(self.values[name]).astype(dtype))
        self.kept.append(self.values[name])
        return self.values[name]

    def argument(self, name: str, kind: Any) -> Any:
        if isinstance(kind, Arithmetic):
            is_address = isinstance(self.values[name], np.ndarray)
            value = self.array(name, Arithmetic(8, False)).ctypes.data if is_address else self.values[name]
            return NUMBERS[dtype_of(kind)](value)
        if isinstance(kind, RecordType):
            return self.record(name, kind)
        bottom = element(kind)
        if isinstance(bottom, RecordType):
            return self.records(name, kind, bottom)
        return self.pointer(name, kind, bottom) if name in self.values else None

    def pointer(self, name: str, kind: Any, bottom: Any) -> Any:
        if isinstance(self.values[name], int):  # a length that is given by its address
            number = NUMBERS[dtype_of(bottom)](self.values[name])
            self.kept.append(number)
            return ctypes.byref(number)
        if np.ndim(self.values[name]) == 0:
            self.values[name] = np.array([self.values[name]])
        array = self.array(name, bottom)
        if isinstance(kind, PointerType) and isinstance(kind.to, PointerType):
            rows = (ctypes.c_void_p * len(array))(*(row.ctypes.data for row in array))
            self.kept.append(rows)
            return rows
        return array.ctypes.data_as(ctypes.c_void_p)

    def structure(self, kind: RecordType) -> Any:
        fields = []
        for name, one in kind.fields.items():
            if isinstance(one, Arithmetic):
                fields.append((name, NUMBERS[dtype_of(one)]))
            elif isinstance(one, ArrayType):
                size = one.size // element(one).size
                fields.append((name, NUMBERS[dtype_of(element(one))] * size))
            else:
                fields.append((name, ctypes.c_void_p))
        return type("Struct", (ctypes.Structure,), {"_fields_": fields})

    def record(self, name: str, kind: RecordType) -> Any:
        made = self.structure(kind)()
        for field, one in kind.fields.items():
            said = f"{name}_{field}"
            if said in self.values:
                value = self.argument(said, one)
                if isinstance(one, ArrayType):
                    ctypes.memmove(getattr(made, field), value, ctypes.sizeof(getattr(made, field)))
                    self.inside.append((said, made, field))
                elif isinstance(one, PointerType):
                    setattr(made, field, ctypes.cast(value, ctypes.c_void_p).value)
                else:
                    setattr(made, field, value.value)
        return made

    def records(self, name: str, kind: Any, bottom: RecordType) -> Any:
        names = [f"{name}_{field}" for field in bottom.fields if f"{name}_{field}" in self.values]
        many = any(
            np.ndim(self.values[f"{name}_{field}"]) > depth(one)
            for field, one in bottom.fields.items()
            if f"{name}_{field}" in self.values and not isinstance(one, PointerType)
        )
        if not many:
            made = self.record(name, bottom)
            self.kept.append(made)
            return ctypes.byref(made)
        dtype = np.dtype([(field, dtype_of(element(one)), (one.length,) if isinstance(one, ArrayType) else ())
                          for field, one in bottom.fields.items()])  # fmt: skip
        count = max(len(self.values[said]) for said in names)
        made = np.zeros(count, dtype)
        for field in bottom.fields:
            if f"{name}_{field}" in self.values:
                given = np.asarray(self.values[f"{name}_{field}"])
                made[field][: len(given)] = given
                self.after.append((f"{name}_{field}", made, field, len(given)))
        self.kept.append(made)
        return made.ctypes.data_as(ctypes.c_void_p)


def called(found: CSignature, library: ctypes.CDLL, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a kernel is given, as C has it, and what every name is after the call."""
    call = Called(values)
    arguments = [call.argument(one.name, one.type) for one in found.parameters]
    for one in found.outside:
        _bind(library, one, call)
    before = {name: np.array(value) if isinstance(value, np.ndarray) else value for name, value in call.values.items()}
    function = library[found.entry]
    returns = found.returns
    function.restype = ctypes.c_void_p if returns and returns.endswith("*") else NUMBERS.get(returns or "")
    returned = function(*arguments)
    for name, made, field, count in call.after:
        call.values[name] = made[field][:count]
    for name, made, field in call.inside:
        before_call = call.values[name]
        call.values[name] = np.array(getattr(made, field), dtype=before_call.dtype).reshape(before_call.shape)
    for one in found.outside:
        _read(library, one, call)
    call.values["result"] = returned
    return before, call.values


def _outside(library: ctypes.CDLL, one: CParameter, call: Called) -> Any:
    kind = NUMBERS[dtype_of(element(one.type))]
    count = int(np.size(call.values[one.name]))
    return (kind * count).in_dll(library, one.name)


def _bind(library: ctypes.CDLL, one: CParameter, call: Called) -> None:
    if one.name in call.values:
        array = call.array(one.name, element(one.type))
        ctypes.memmove(_outside(library, one, call), array.ctypes.data, array.nbytes)


def _read(library: ctypes.CDLL, one: CParameter, call: Called) -> None:
    if one.name in call.values:
        memory = np.frombuffer(_outside(library, one, call), dtype=dtype_of(element(one.type)))
        call.values[one.name] = memory.reshape(np.shape(call.values[one.name])).copy()
