"""The pass that addresses every array by strides, and makes the loops as few as they can be."""

from __future__ import annotations

from dataclasses import replace

from .draft import Draft
from .language import PassCall
from .strides import canonical


def canonicalise(draft: Draft, command: PassCall) -> Draft:
    """Return the program with elements addressed by strides, a diagonal by the sum of its strides.

    Loops of one iteration vanish; two loops that every array steps through as through one become one. Raises
    OptionError where extents are unknown.
    """
    unknown = [index.label for index in draft.spec.indices if not isinstance(index.extent, int)]
    if unknown:
        raise command.refused(
            f"canonicalise computes with strides, and the extent of {', '.join(unknown)} is not known",
            hint="give shapes",
        )
    adding = draft.nest.updates and draft.joint is not None and draft.joint.adds
    return replace(draft, canonical=True, nest=canonical(draft.nest, draft.names.taken, adding=adding))
