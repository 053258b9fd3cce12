"""What a kernel must know of the processor it is compiled for: the width and number of its vectors, and its caches."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from .frozen import dataclass

PROCESSOR = "/proc/cpuinfo"
MAX_FACT_BYTES = 1 << 14
"""Bytes that are read of it: enough for one processor."""
CACHES = "/sys/devices/system/cpu/cpu0/cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A processor: bytes of one vector, how many vector registers, whether multiply-add is one instruction, caches.

    The default is what every 64-bit x86 processor can do; the caches (bytes of level 1 data, 2 and 3) are small ones.
    `others`: further processors that one text is made for; the flags it is compiled with choose among them.

    >>> Machine().vector_bytes, Machine().fused
    (16, False)
    """

    vector_bytes: int = 16
    registers: int = 16
    fused: bool = False
    level1: int = 32 * 1024
    level2: int = 512 * 1024
    level3: int = 4 * 1024 * 1024
    others: tuple[Machine, ...] = ()

    @property
    def versions(self) -> tuple[Machine, ...]:
        """All processors that a text is for, those with the widest vectors first.

        >>> [machine.vector_bytes for machine in COMMON.versions]
        [64, 32, 16]
        """
        return tuple(sorted((self, *self.others), key=lambda machine: -machine.vector_bytes))

    @classmethod
    def detect(cls) -> Machine:
        """Return this machine, as far as the system tells; what `-march=native` then lets the compiler use."""
        first, second, third = _caches(CACHES)
        width, registers, fused = _vectors(_architecture(), processor_facts().get("flags", "").split())
        return cls(
            vector_bytes=width,
            registers=registers,
            fused=fused,
            level1=first or cls().level1,
            level2=second or cls().level2,
            level3=third or cls().level3,
        )

    @classmethod
    def baseline(cls) -> Machine:
        """Return what a compiler without `-march=native` can use here, with this machine's caches."""
        width, registers, fused = _vectors(_architecture(), ())
        return replace(cls.detect(), vector_bytes=width, registers=registers, fused=fused)


COMMON = Machine(
    vector_bytes=32,
    fused=True,
    others=(Machine(vector_bytes=64, registers=32, fused=True, level2=1024 * 1024), Machine()),
)
"""What texts are made for that are printed: the same on every machine. A compiler without such vectors splits them, and
what comes of that takes up to 80 times as long: kernels have a version for the others."""


def _architecture() -> str:
    import platform  # loaded where a machine is asked about, not at every start

    return platform.machine().lower()


def _vectors(architecture: str, flags: Iterable[str]) -> tuple[int, int, bool]:
    """Return bytes of a vector, registers, and whether multiply-add is one instruction.

    >>> _vectors("x86_64", ("avx2", "fma", "avx512f")), _vectors("amd64", ()), _vectors("arm64", ())
    ((64, 32, True), (16, 16, False), (16, 32, True))
    """
    known = set(flags)
    if architecture in ("aarch64", "arm64"):
        return 16, 32, True
    if "avx512f" in known:
        return 64, 32, True
    if {"avx2", "fma"} <= known:
        return 32, 16, True
    return 16, 16, False


def processor_facts() -> Mapping[str, str]:
    """Return what Linux says of the first processor, by the name of each line; nothing on other systems."""
    return _facts(PROCESSOR)


@lru_cache(maxsize=1)
def _facts(path: str) -> Mapping[str, str]:
    try:
        # one plain read: as lines of text it takes ten times as long
        handle = os.open(path, os.O_RDONLY)
        try:
            first = os.read(handle, MAX_FACT_BYTES).partition(b"\n\n")[0].decode("ascii", "replace")
        finally:
            os.close(handle)
    except OSError:
        return {}
    lines = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


def _caches(folder: str) -> tuple[int, int, int]:
    """Return the bytes of the level 1 data cache, of level 2 and of level 3; 0 where the system does not say."""
    sizes = {"1": 0, "2": 0, "3": 0}
    try:
        for entry in sorted(os.listdir(folder)):
            if entry.startswith("index"):
                level, kind, size = (_line(os.path.join(folder, entry, name)) for name in ("level", "type", "size"))
                if kind != "Instruction" and level in sizes:
                    sizes[level] = _bytes(size)
    except OSError:
        pass
    return sizes["1"], sizes["2"], sizes["3"]


def _line(path: str) -> str:
    with open(path, encoding="ascii") as file:
        return file.read().strip()


def _bytes(text: str) -> int:
    """Return a size as Linux writes it in bytes.

    >>> _bytes("48K"), _bytes("4M"), _bytes("?")
    (49152, 4194304, 0)
    """
    unit = {"K": 1024, "M": 1024**2}.get(text[-1:], 1)
    digits = text.rstrip("KM")
    return int(digits) * unit if digits.isdigit() else 0
