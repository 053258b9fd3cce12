"""The specialisations of one function: made for shapes, dtypes and layouts as they come, so many kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from ...core.joint import JointSum
from ...core.layout import Layout
from ...core.lock import ForkLock
from ...core.options import Options
from ...core.spec import Spec
from ...runners.library import SharedLibrary
from ...runners.operands import Signature, contiguous, layout_of
from ..advice import bind_with_advice
from .backends import specialise
from .case import CompileCase, Ready, Specialisation
from .operands import Layouts

MAX_SPECIALISATIONS = 64
"""Specialisations that one function keeps; those not used for longest go first."""
MAX_LAYOUTS = 4
"""Layouts of the same shapes for which there are specialisations; operands in others are copied first."""
UNLOADED = "It was unloaded since: this process keeps {:,} compiled functions. The next call loads it again."


class Specialisations:
    """What a function has to compute with. Any thread may ask for one; one thread at a time makes one.

    `bind` returns the expression with the extents that shapes give, or raises EinloopError where they do not fit.
    `ready` has, by their signature, what computes arrays that can be taken as they are. `last` is what was made last.
    """

    def __init__(self, spec: Spec, options: Options, joint: JointSum | None = None) -> None:
        self._joint = joint
        self.bind = lru_cache(MAX_SPECIALISATIONS)(partial(bind_with_advice, spec))
        self.ready: dict[Signature | None, Ready] = {}
        self.last: Specialisation | None = None
        self._options = options
        self._made: OrderedDict[tuple[str, Layouts], Specialisation] = OrderedDict()
        self._lock = ForkLock()  # of the tables, held briefly: others call while one compiles
        self._building = ForkLock()

    def __len__(self) -> int:
        return len(self._made)

    def of_arrays(self, spec: Spec, arrays: list[Any], dtype: str) -> tuple[Specialisation, list[Any]]:
        """Return what computes these arrays, and the arrays as it takes them. Raises EinloopError."""
        layouts = tuple(map(layout_of, arrays))
        with self._lock:
            found = self._known(dtype, layouts)
            if found is None and self._crowded(dtype, layouts):
                layouts, arrays = tuple(map(_plain, layouts)), [contiguous(array) for array in arrays]
                found = self._known(dtype, layouts)
        if found is None:
            found = self.of_layouts(spec, layouts, dtype)
        return found, [contiguous(array) for array in arrays] if found.copies else arrays

    def of_layouts(self, spec: Spec, layouts: Layouts, dtype: str) -> Specialisation:
        """Make and keep a specialisation; once for threads that want the same. Raises EinloopError."""
        options = self._options
        with self._building:
            with self._lock:
                found = self._known(dtype, layouts)
            if found is None:
                joint = None if self._joint is None else replace(self._joint, spec=spec)
                case = CompileCase(
                    spec=spec,
                    operands=layouts,
                    dtype=dtype,
                    schedule=options.schedule,
                    threads=options.threads,
                    joint=joint,
                )
                found = specialise(case, options.target)
                with self._lock:
                    self._made[dtype, tuple(map(_plain, layouts)) if found.general else layouts] = found
                    if len(self._made) > MAX_SPECIALISATIONS:
                        self._made.popitem(last=False)
            self.last = found
            return found

    def remember(self, key: Signature | None, found: Ready) -> None:
        """Let the next call with arrays like these go straight to the kernel."""
        if key is not None:
            with self._lock:
                if len(self.ready) >= MAX_SPECIALISATIONS:
                    self.ready.clear()  # quicker than to know which was used last, and soon filled again
                self.ready[key] = found

    def give_up(self, library: SharedLibrary, most: int) -> None:
        """Refer no more to a library, since this process keeps `most` of them."""
        with self._lock:
            for key in [key for key, made in self._made.items() if made.library is library]:
                del self._made[key]
            for signature in [key for key, found in self.ready.items() if found.made.library is library]:
                del self.ready[signature]
            if self.last is not None and self.last.library is library:
                self.last = self.last.unloaded(UNLOADED.format(most))

    def forget(self) -> None:
        """Be as at the beginning."""
        self._made.clear()
        self.ready.clear()
        self.last = None

    def _known(self, dtype: str, layouts: Layouts) -> Specialisation | None:
        """Return the specialisation for these layouts, or one for every layout of these shapes."""
        for key in ((dtype, layouts), (dtype, tuple(map(_plain, layouts)))):
            found = self._made.get(key)
            if found is not None and (found.general or key[1] == layouts):
                self._made.move_to_end(key)
                return found
        return None

    def _crowded(self, dtype: str, layouts: Layouts) -> bool:
        """Return whether there are enough specialisations for layouts of these shapes."""
        plain = tuple(map(_plain, layouts))
        alike = sum(known == dtype and tuple(map(_plain, others)) == plain for known, others in self._made)
        return alike >= MAX_LAYOUTS


def _plain(layout: Layout) -> Layout:
    return layout if layout.strides is None else replace(layout, strides=None)
