"""`%%einloop`: a cell is run as it is, and what was seen of its einsum calls is shown below its own output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from ..cli import COMMANDS, prepared
from ..cli.arguments import options_of
from ..cli.parser import asked_language
from ..core.console import write
from ..core.errors import EinloopError, OptionError
from ..core.options import LoadedArray
from ..core.refusal import refusal_of
from ..core.visible import visible
from ..pipeline.cell import CellRun, cell_report
from .calls import CellCall, calls_in, text_of
from .keeping import Keeping
from .running import run_command
from .views import Views
from .watch import SeenCall, Watch, aliases, trimmed, watching
from .words import as_shell, flagged

FIRST_LINE = "# %%einloop\n"
"""Stands in place of the line with the magic, so that lines have the numbers that they have in the cell."""
RUN = "--run"
OF_CALLS = ("show", "explain", "check", "why", "draw", "trace", "verify", "bench")
"""The commands that a cell can be looked at with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked for on the line of a cell: commands (none: the short view), their options, and which run."""

    commands: tuple[str, ...]
    options: tuple[str, ...]
    run: int = 1
    lang: str = "en"


def wishes(line: str) -> Wishes:
    """Return what a line after `%%einloop` asks for. Raises OptionError; then the cell is not run.

    >>> wishes("why --draw --at 0,1 --run 2")
    Wishes(commands=('why', 'draw'), options=('--at', '0,1'), run=2, lang='en')
    """
    words = as_shell(line)
    names = [command.name for command in COMMANDS]
    bare = words[:1] if words and words[0] in names else []
    asked = tuple(dict.fromkeys([*bare, *flagged(words)]))
    for name in asked:
        if name not in OF_CALLS:
            hint = f"on a line of its own: %einloop {name} ..."
            raise OptionError("EL471", f"{name} does not look at the calls of a cell", hint=hint)
    rest = [word for word in words[len(bare) :] if not flagged([word])]
    run = 1
    if RUN in rest:
        place = rest.index(RUN)
        run = _run(rest[place + 1 : place + 2])
        del rest[place : place + 2]
    found = Wishes(commands=asked, options=tuple(rest), run=run, lang=asked_language(rest))
    for name in asked or ("explain",):  # options that there are not are refused before anything is run
        prepared([name, "->", *rest], Keeping())
    return found


def _run(words: Sequence[str]) -> int:
    text = "".join(words)
    if not text.isdecimal() or not int(text):
        raise OptionError("EL462", f"{RUN} {text}: which run is looked at", hint="a number from 1")
    return int(text)


def run_watched(shell: Any, cell: str, asked: Wishes) -> None:
    """Run a cell and show what was seen; what the cell raises is shown as without the magic, and raised after that."""
    text = cell if cell.lstrip().startswith("%%") else FIRST_LINE + cell
    transformed = _transformed(shell, text)
    calls = _calls(shell, transformed)
    if shell.should_run_async(text, transformed_cell=transformed):
        hint = "take %%einloop away, or put what awaits into another cell"
        raise _alone(OptionError("EL471", "a cell with `await` cannot be looked at; it was not run", hint=hint))
    filename = shell.compile.get_code_name(text, transformed, shell.execution_count)
    watch = Watch(calls, filename, asked.run)
    with watching(shell, watch), _kept_tracebacks(shell) as shown, _heeding_semicolon(shell, cell):
        result = shell.run_cell(text)
    for call in calls:
        try:
            _show(call, watch.seen[call.end], asked, shell.user_ns)
        except Exception as failure:  # the cell has run, and that stands
            write(f"{visible(call.written)}:\n{refusal_of(failure)}\n")
    error = result.error_before_exec or result.error_in_exec
    if not calls and result.error_before_exec is None:
        write("einloop: this cell calls no einsum and no contract\n")
    if error is not None:
        raise _as_shown(error, shown[-1] if shown else None)


class CellError(Exception):
    """What a cell raised, where IPython would show more of it than the cell did; it shows lines that are given."""


def _as_shown(error: BaseException, lines: list[str] | None) -> BaseException:
    """Return an error of which IPython shows the lines that it made before, or if it has shown it, its head alone."""
    if isinstance(error, SyntaxError) or lines is None:
        lines = [f"{type(error).__name__}: {error}"] if lines is None else lines
        error = CellError(str(error))
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
    return error


def _transformed(shell: Any, text: str) -> str:
    """Return a cell as the Python that IPython runs; as it is where it is none: running it says so."""
    try:
        return str(shell.transform_cell(text))
    except SyntaxError:
        return text


def _calls(shell: Any, transformed: str) -> tuple[CellCall, ...]:
    """Return the calls of a cell, none where it is no Python: running it says so."""
    try:
        return calls_in(shell.compile.ast_parse(transformed), transformed, aliases(shell.user_ns))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


@contextmanager
def _kept_tracebacks(shell: Any) -> Iterator[list[list[str]]]:
    """Keep the tracebacks that a shell would show: one is shown for the whole cell, after what was seen."""
    kept: list[list[str]] = []
    showtraceback = shell.showtraceback

    def trim(*args: Any, **kwargs: Any) -> None:
        import sys

        trimmed(sys.exc_info()[1])
        showtraceback(*args, **kwargs)

    shell.showtraceback = trim
    shell._showtraceback = lambda kind, value, lines: kept.append(list(lines))
    try:
        yield kept
    finally:
        del shell.showtraceback, shell._showtraceback


@contextmanager
def _heeding_semicolon(shell: Any, cell: str) -> Iterator[None]:
    """Let a `;` at the end of a cell keep its last value from being shown: IPython looks for it in the whole cell."""
    usual = shell.ast_node_interactivity
    with suppress(Exception):  # tokens that do not end, and an IPython that has no such method
        if shell.displayhook.semicolon_at_end_of_expression(cell):
            shell.ast_node_interactivity = "none"
    try:
        yield
    finally:
        shell.ast_node_interactivity = usual


def _show(call: CellCall, seen: SeenCall, asked: Wishes, names: dict[str, Any]) -> None:
    """Show what was asked for about a call; what einloop refuses is shown in its place."""
    text = text_of(call, seen.found)
    if not asked.commands:
        _display(_card(text, call, seen, asked))
        return
    if seen.count != 1 or seen.error is not None or seen.large:
        write(f"{visible(call.written)}: {_ran(call, seen)}\n")
    found = []
    for command in asked.commands:
        try:
            found.append(run_command([command, text, *asked.options], names, seen.arrays or None))
        except EinloopError as error:
            write(f"{error}\n")
    found = [one for one in found if one is not None]
    if found:
        _display(found[0] if len(found) == 1 else Views(tuple(found)))


def _display(found: Any) -> None:
    from IPython.display import display

    show: Any = display  # has no annotations
    show(found)


def _ran(call: CellCall, seen: SeenCall) -> str:
    if not seen.count:
        return "no run of it was seen, so nothing is known of its arrays"
    failed = "" if seen.error is None else f", which raised {type(seen.error).__name__}"
    large = "; its arrays are too large to copy, so their values are not looked at" if seen.large else ""
    return f"ran {seen.count} time{'s' * (seen.count > 1)}; this is run {seen.number}{failed}{large}"


def _card(text: str, call: CellCall, seen: SeenCall, asked: Wishes) -> Any:
    """Return the short view of a call."""
    _, arguments = prepared(["explain", text, *asked.options], Keeping())
    arrays: list[tuple[str | None, LoadedArray]] = [(None, array) for array in seen.arrays]
    options = options_of(arguments)
    run = CellRun(
        line=call.line,
        count=seen.count,
        number=seen.number,
        function=call.within if call.within in ("", "lambda") else f"{call.within}()",
        shapes=len(seen.shapes),
        large=seen.large,
        error="" if seen.error is None else f"{type(seen.error).__name__}: {seen.error}",
    )
    return cell_report(text, replace(options, loaded=tuple(arrays)) if arrays else options, run, asked.lang)


def _alone(error: EinloopError) -> EinloopError:
    error.shown = str(error)
    return error
