"""A refusal without a place in, the construct of the Python text that causes it out, in plain words."""

from __future__ import annotations

import ast

from .sizes import Refusal


def explained(tree: ast.Module, refusal: Refusal) -> Refusal:
    """Return a refusal with the place in the text that is its cause, where it has none."""
    return refusal
