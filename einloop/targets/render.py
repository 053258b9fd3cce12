"""Nest in, text out: walks the nest and calls a template block for every statement. Writes no text itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..core.ability import Ability
from ..core.errors import EinloopError, TemplateError
from ..core.nest import Loop, Nest, Statement, Walk
from .environment import environment
from .facts import arrays_of, flat_buffers, in_turns, multiplies, prefix_of_parts, shared_among
from .target import Style, Target

if TYPE_CHECKING:
    from jinja2.environment import Environment, TemplateModule


def render(
    nest: Nest,
    target: Target,
    style: Style,
    file: str,
    *,
    comments: bool,
    context: Mapping[str, Any],
    threads: int = 1,
) -> str:
    """Return the text of `nest` in a template of the target: that of a form, or of a header.

    `context` are further values the template may use. `threads`: above 1, whoever runs the text has so many for
    what is shared, which gets functions of its own where the target can write them. Raises TemplateError naming target,
    file and block where a template is missing, broken, or lacks a block the nest needs.
    """
    env = environment(target)
    form_file = f"{target.name}/{file}"
    blocks_file = f"{target.name}/{style.blocks}"
    with _explained(env, target, blocks_file):
        blocks = env.get_template(blocks_file).module
        given = {"comments": comments, "flat": flat_buffers(nest)}
        writer = _Writer(target=target, file=blocks_file, blocks=blocks, given=given)
        parted = _Parts(writer, nest, threads) if threads > 1 and Ability.PARTS in target.abilities else None
        prepare, loops = writer.all(nest.prepare), writer.all(nest.body) if parted is None else parted.all()
    with _explained(env, target, form_file):
        return env.get_template(form_file).render(
            nest=nest,
            dtypes=_dtypes(nest),
            flat=given["flat"],
            threads=shared_among(nest),
            parts=() if parted is None else parted.parts,
            multiplies=multiplies(nest),
            blocks=blocks,
            prepare=prepare,
            loops=loops,
            body=prepare + loops,
            style=style.name,
            **context,
        )


def plain_text(target: Target, file: str, **context: Any) -> str:
    """Return a text of the target that is not a form of a nest. Raises TemplateError where its template is broken."""
    env = environment(target)
    name = f"{target.name}/{file}"
    with _explained(env, target, name):
        return env.get_template(name).render(**context)


def render_loops(nest: Nest, target: Target, style: Style) -> str:
    """Return the text of `nest` alone, without what a form puts around it."""
    file = f"{target.name}/{style.blocks}"
    env = environment(target)
    with _explained(env, target, file):
        given = {"comments": False, "flat": flat_buffers(nest)}
        writer = _Writer(target=target, file=file, blocks=env.get_template(file).module, given=given)
        return writer.all((*nest.prepare, *nest.body))


def _dtypes(nest: Nest) -> tuple[str, ...]:
    """Return the declared dtypes of inputs and result, without repetition."""
    return tuple(dict.fromkeys(buffer.dtype for buffer in (*nest.inputs, nest.result) if buffer.dtype is not None))


class _Writer:
    """Renders statements through the blocks of one template file."""

    def __init__(self, *, target: Target, file: str, blocks: TemplateModule, given: Mapping[str, Any]) -> None:
        self.target = target
        self.file = file
        self.blocks = blocks
        self.given = given

    def all(self, statements: tuple[Statement, ...]) -> str:
        """Return the text of statements that follow each other."""
        return "".join([self.one(statement) for statement in statements])

    def one(self, statement: Statement) -> str:
        """Return the text of one statement, with everything inside it."""
        block = getattr(self.blocks, statement.block, None)
        if block is None:
            raise TemplateError(
                "EL505",
                f"target {self.target.name!r} has no block {statement.block!r} in {self.file}, and these loops need it",
                hint=f"add {{% macro {statement.block}(node, ...) %}} to the file",
            )
        given = {name: value for name, value in self.given.items() if name in block.arguments}
        if isinstance(statement, Loop | Walk) and "body" in block.arguments:
            given["body"] = self.all(statement.body)
        return str(block(statement, **given))


class _Parts:
    """Renders the body of a nest with what threads share in functions of their own, `parts`."""

    def __init__(self, writer: _Writer, nest: Nest, threads: int) -> None:
        self.parts: list[str] = []
        self._writer = writer
        self._nest = nest
        self._threads = threads
        self._prefix = prefix_of_parts(nest)

    def all(self) -> str:
        """Return the text of the body, in which the parts are called."""
        return "".join(self._one(s) if in_turns(s, self._nest) else self._writer.one(s) for s in self._nest.body)

    def _one(self, statement: Statement) -> str:
        name = f"{self._prefix}_{len(self.parts) + 1}"
        arrays = arrays_of(statement, self._nest)
        body = self._writer.all(statement.body) if isinstance(statement, Loop) else ""
        blocks: Any = self._writer.blocks
        self.parts.append(str(blocks.part(statement, name, self._prefix, arrays, body)))
        return str(blocks.part_call(statement, name, arrays, self._threads))


@contextmanager
def _explained(env: Environment, target: Target, file: str) -> Iterator[None]:
    """Turn whatever a template raises into a TemplateError."""
    try:
        yield
    except EinloopError:
        raise
    except Exception:
        error = _in_template(env)
        line = getattr(error, "lineno", None) or _template_line(error, file)
        place = f"{file}, line {line}" if line else file
        raise TemplateError("EL506", f"target {target.name!r}: {place}: {type(error).__name__}: {error}") from error


def _in_template(env: Environment) -> Exception:
    """Return the exception in hand with its traceback in lines of the template, as jinja2 rewrites it."""
    try:
        env.handle_exception()
    except Exception as error:
        return error


def _template_line(error: BaseException, file: str) -> int | None:
    """Return the last line of the template on the error's traceback; jinja2 rewrites them to template lines."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(file):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
