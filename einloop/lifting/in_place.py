"""What changes in place while a text runs on polynomials: lists that `+=` makes longer, things with two names."""

from __future__ import annotations

import ast
from typing import Any

from ..core.polynomial import Polynomial
from .calls import Calls
from .grids import Grid
from .sizes import Refusal
from .terms import array_of
from .values import Part, Store, is_list

EXTENDS = "+= makes a list longer by a list, and adds an array to it"
ONE_BY_ONE = "write a loop that adds to each item, or append"


class InPlace(Calls):
    """Calls and arrays, and what statements change of them in place."""

    def extends(self, old: Any, value: Any, node: ast.AugAssign) -> bool:
        """Return whether `+=` makes a list longer by what it gives it: a list does, an array is added to it."""
        array = isinstance(value, Grid) or (isinstance(value, (Store, Part)) and not is_list(value))
        if isinstance(value, (int, Polynomial)) or self.is_element(value):
            raise Refusal("EL813", f"{EXTENDS}, and this is one number", node.value, hint=ONE_BY_ONE)
        if isinstance(value, Grid) or (array and not self.lists and isinstance(old, list)):
            return False
        if not isinstance(old, list) or (array and old and id(old) not in self.grown):
            raise Refusal("EL802", f"{EXTENDS}: which this is, is not known", node, hint=ONE_BY_ONE)
        if array:
            store = value.store if isinstance(value, Part) else value
            self.note(f"right where {store.name} is made of lists: += makes a list longer by one")
        return True

    def of_numbers(self, value: Polynomial) -> None:
        """Take note of arrays whose elements have to be numbers: a row would change in place."""
        for name, at in (one for factors in value.terms() for one in factors):
            store = self.stores.get(array_of(name))
            if store is not None and store.given and at and store.name not in self.ranks:
                self.note(f"right where {store.name} is an array of numbers: a row of it would change in place")

    def indexed_as(self, store: Store, name: str) -> None:
        """Take note that an array has as many axes as the text names of it by another name, or of a copy."""
        rank = self.named.get(name, 0)
        if store.name in self.stores and store.name not in self.ranks and rank > self.seen.get(store.name, 0):
            self.seen[store.name] = rank
