"""Loops over parts of arrays in, the same with lines around them that name the parts out: what is given are arrays."""

from __future__ import annotations

from dataclasses import replace

from ..core.buffer import Buffer
from ..core.names import fresh
from ..core.nest import Nest, Statement, heads_of
from ..core.part_text import reworded
from ..core.preparation import AsArray, CheckRank, KeepOld, NamePart, SumDtype
from ..core.viewed import Viewed, ViewedInput


def around_parts(nest: Nest, viewed: Viewed, *, lists: bool = False) -> Nest:
    """Return loops that are given whole arrays. `lists`: these are nested lists.

    Arrays are looked at before parts of them are named, what is computed from them after.
    """
    own = {buffer.name: buffer for buffer in nest.inputs}
    inside = {view.name for view in viewed.views}
    inputs = tuple(_buffer(one, own) for one in viewed.inputs)
    setup: list[Statement] = []
    if nest.checked:
        setup += [AsArray(buffer=buffer) for buffer in inputs if not (buffer.length or lists)]
    for one, buffer in zip(viewed.inputs, inputs, strict=True):
        part = next((v.text for v in viewed.views if v.text.partition("[")[0] == one.name), None)
        if nest.checked and not lists and part is not None and one.rank is not None and one.name not in own:
            setup.append(CheckRank(buffer=buffer, term=part, rank=one.rank, atleast=False))
    if viewed.kept is not None:
        whole = next(buffer for buffer in inputs if buffer.name == viewed.whole)
        setup.append(KeepOld(target=viewed.kept, buffer=whole, copied=True))
    folded = _folded(nest, viewed)
    for view in viewed.views:
        text = view.text
        if folded is not None and text.startswith(folded.text):
            text = folded.target + text[len(folded.text) :]
            setup += [folded] if folded not in setup else []
        setup.append(NamePart(target=view.name, text=reworded(text, {}, lists=lists)))
    bases = {buffer.name: buffer for buffer in inputs}
    for statement in nest.prepare:
        if isinstance(statement, SumDtype):
            known = (bases.get(viewed.base(b.name), b) if b.name in inside else b for b in statement.buffers)
            setup.append(replace(statement, buffers=tuple(dict.fromkeys(known))))  # an element is what its array is
        elif statement not in setup and not (isinstance(statement, AsArray) and _is_part(statement.buffer, inside)):
            setup.append(statement)
    result, finish, updates = nest.result, nest.finish, nest.updates
    if viewed.target is not None:
        assert viewed.whole is not None
        result = next(buffer for buffer in inputs if buffer.name == viewed.whole)
        updates = True
        if viewed.put:
            finish = (*finish, NamePart(target=viewed.target, text=viewed.result))
        elif ".reshape(" in viewed.target:
            back = f"{viewed.result if folded is None else folded.target}.reshape({viewed.whole}.shape)"
            finish = (*finish, NamePart(target=viewed.whole, text=back))  # the array may have been copied
    return replace(nest, inputs=inputs, prepare=tuple(setup), result=result, finish=finish, updates=updates)


def _folded(nest: Nest, viewed: Viewed) -> NamePart | None:
    """Return what names the array of a result in another shape, where only a part of that is written: it may be a copy,
    which the loops fill and give back. None where all of it is written, or nothing is reshaped."""
    fold, opening, rest = (viewed.target or "").partition(".reshape(")
    shape, closing, part = rest.partition(")[")
    if not (opening and closing and part):
        return None
    heads = heads_of(nest.body)
    taken = {viewed.result, *viewed.names, *(view.name for view in viewed.views), *filter(None, [viewed.kept])}
    taken |= {head.index for head in heads} | {head.extent for head in heads}
    return NamePart(target=fresh(f"{fold}_folded", taken), text=f"{fold}{opening}{shape})")


def _is_part(buffer: Buffer, inside: set[str]) -> bool:
    """Return whether it is a part that is an array as it is: not one element."""
    return buffer.name in inside and buffer.rank > 0


def _buffer(one: ViewedInput, own: dict[str, Buffer]) -> Buffer:
    """Return what is given as the loops see it; an array has the dtype of its parts."""
    if one.name in own and not one.length:
        return own[one.name]
    part = own.get(one.operand or "")
    dtype = None if part is None or one.length else part.dtype
    return Buffer(name=one.name, rank=one.rank or 0, dtype=dtype, length=one.length)
