"""The preprocessor: lexemes in, those without directives and with macros replaced out. Reads no other file."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..sizes import Refusal
from .lexemes import Lexeme, lexemes

MAX_LEXEMES = 60_000
"""Words and marks of a text, with what its macros give."""
DROPPED = frozenset(
    {"__restrict", "__restrict__", "__inline", "__inline__", "__forceinline", "__extension__", "__cdecl", "__fastcall",
     "__const", "__volatile__", "__unused", "_Noreturn", "__global"}
)  # fmt: skip
"""Words that say nothing about what is computed."""
DROPPED_WITH_ARGUMENTS = frozenset({"__attribute__", "__attribute", "__declspec", "_Pragma", "alignas", "_Alignas"})
KNOWN = """
#define NULL 0
#define true 1
#define false 0
#define SCALAR_VAL(x) x
#define POLYBENCH_1D(a, n, e) a[e]
#define POLYBENCH_2D(a, n, m, e, f) a[e][f]
#define POLYBENCH_3D(a, n, m, o, e, f, g) a[e][f][g]
#define POLYBENCH_4D(a, n, m, o, p, e, f, g, h) a[e][f][g][h]
"""
"""Macros of headers that kernels are written with."""
POLYBENCH_BOUND = re.compile(r"_PB_(\w+)")


@dataclass(frozen=True, slots=True)
class Macro:
    """What a name is replaced by; `parameters` is None where it takes none."""

    parameters: tuple[str, ...] | None
    body: tuple[Lexeme, ...]


@dataclass(slots=True)
class Condition:
    """An `#if` that is open: whether its part is read, and whether one of its parts was."""

    outer: bool
    read: bool
    taken: bool


class Preprocessor:
    """One pass over a text."""

    def __init__(self) -> None:
        self.macros: dict[str, Macro] = {}
        self.conditions: list[Condition] = []
        self.count = 0
        for line in _lines(lexemes(KNOWN)):
            if line:
                self.directive(line)

    def run(self, text: str) -> list[Lexeme]:
        """Return the lexemes of a text when its macros are replaced. Raises Refusal."""
        out: list[Lexeme] = []
        waiting: list[Lexeme] = []
        for line in _lines(lexemes(text)):
            if line and line[0].text == "#":
                out += self.replaced(waiting)
                waiting = []
                self.directive(line)
            elif self.reading:
                waiting += line
        return _kept(out + self.replaced(waiting))

    @property
    def reading(self) -> bool:
        """No open `#if` leaves this out."""
        return not self.conditions or self.conditions[-1].read

    def directive(self, line: Sequence[Lexeme]) -> None:
        """Obey a line that begins with `#`."""
        kind, rest = (line[1].text, line[2:]) if len(line) > 1 else ("", ())
        if kind in ("if", "ifdef", "ifndef"):
            read = self.reading and self.holds(kind, rest)
            self.conditions.append(Condition(self.reading, read, read))
        elif kind in ("elif", "else") and self.conditions:
            top = self.conditions[-1]
            top.read = top.outer and not top.taken and (kind == "else" or self.holds("if", rest))
            top.taken |= top.read
        elif kind == "endif" and self.conditions:
            self.conditions.pop()
        elif kind == "define" and self.reading and rest:
            self.macros[rest[0].text] = _macro(rest)
        elif kind == "undef" and self.reading and rest:
            self.macros.pop(rest[0].text, None)

    def holds(self, kind: str, rest: Sequence[Lexeme]) -> bool:
        """Return whether the condition of an `#if`, `#ifdef` or `#ifndef` holds."""
        if kind != "if":
            return bool(rest) and (rest[0].text in self.macros) == (kind == "ifdef")
        words: list[Lexeme] = []
        place = 0
        while place < len(rest):
            one = rest[place]
            if one.text == "defined":
                group = rest[place + 1].text == "(" if place + 1 < len(rest) else False
                name = rest[place + 1 + group].text if place + 1 + group < len(rest) else ""
                words.append(Lexeme(str(int(name in self.macros)), one.start, one.stop))
                place += 4 if group else 2
                continue
            words.append(one)
            place += 1
        return _truth(self.replaced(words))

    def replaced(self, given: Sequence[Lexeme]) -> list[Lexeme]:
        """Return lexemes with macros replaced, what they give too."""
        out: list[Lexeme] = []
        work = list(reversed(given))
        while work:
            self.count += 1
            if self.count > MAX_LEXEMES:
                raise Refusal("EL816", "this text is too long")
            one = work.pop()
            macro = self.macros.get(one.text) if one.text not in one.hidden else None
            if macro is None or (macro.parameters is not None and not (work and work[-1].text == "(")):
                out.append(one)
                continue
            arguments: dict[str, Sequence[Lexeme]] = {}
            stop = one.stop
            if macro.parameters is not None:
                arguments, stop = _arguments(macro.parameters, work)
            place = Lexeme(one.text, one.start, stop, one.hidden | {one.text})
            work += reversed(_substituted(macro, arguments, place))
        return out


def _lines(stream: Iterable[Lexeme]) -> Iterable[list[Lexeme]]:
    line: list[Lexeme] = []
    for one in stream:
        if one.text == "\n":
            yield line
            line = []
        else:
            line.append(one)
    yield line


def _macro(rest: Sequence[Lexeme]) -> Macro:
    if len(rest) < 2 or rest[1].text != "(" or rest[1].spaced:
        return Macro(None, tuple(rest[1:]))
    close = next((n for n, one in enumerate(rest) if one.text == ")"), len(rest))
    return Macro(tuple(one.text for one in rest[2:close] if one.text != ","), tuple(rest[close + 1 :]))


def _arguments(parameters: Sequence[str], work: list[Lexeme]) -> tuple[dict[str, Sequence[Lexeme]], int]:
    """Take the arguments of a macro off a stack; return them by name, and where they end."""
    found: list[list[Lexeme]] = [[]]
    depth = 0
    stop = 0
    while work:
        one = work.pop()
        stop = one.stop
        depth += (one.text in "([{") - (one.text in ")]}")
        if depth == 0:
            break
        if depth == 1 and one.text == "," and len(found) < len(parameters):
            found.append([])
        elif depth > 1 or one.text != "(" or found[-1]:
            found[-1].append(one)
    return dict(zip(parameters, found, strict=False)), stop


def _substituted(macro: Macro, arguments: dict[str, Sequence[Lexeme]], place: Lexeme) -> list[Lexeme]:
    """Return what a macro gives; its own words stand where the macro was used, its arguments where they were."""
    out: list[Lexeme] = []
    paste = False
    for one in macro.body:
        if one.text == "##":
            paste = True
            continue
        given = list(arguments.get(one.text, ())) if one.text in arguments else [replace(place, text=one.text)]
        if paste and out and given:
            given = [replace(place, text=out.pop().text + given[0].text), *given[1:]]
        paste = False
        out += given
    return out


def _kept(given: Sequence[Lexeme]) -> list[Lexeme]:
    """Return lexemes without what says nothing about the values: attributes, `extern "C"`, bounds' prefixes."""
    out: list[Lexeme] = []
    place = 0
    linkage = 0
    while place < len(given):
        one = given[place]
        if one.text in DROPPED_WITH_ARGUMENTS:
            place = _after_brackets(given, place + 1)
            continue
        if one.text == "extern" and place + 1 < len(given) and given[place + 1].text.startswith('"'):
            braced = place + 2 < len(given) and given[place + 2].text == "{"
            linkage += braced
            place += 2 + braced
            continue
        if one.text not in DROPPED:
            bound = POLYBENCH_BOUND.fullmatch(one.text)
            out.append(Lexeme(bound.group(1).lower(), one.start, one.stop) if bound else one)
        place += 1
    while linkage and out and out[-1].text == "}":
        out.pop()
        linkage -= 1
    return out


def _after_brackets(given: Sequence[Lexeme], place: int) -> int:
    depth = 0
    while place < len(given):
        depth += (given[place].text == "(") - (given[place].text == ")")
        place += 1
        if depth <= 0:
            break
    return place


BINARY: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
}  # fmt: skip
COMPARE: Mapping[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
OPERATORS = {"&&": " and ", "||": " or ", "!": " not ", "/": "//"}
WHOLE_NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|\d+)[uUlL]*")


def _truth(words: Sequence[Lexeme]) -> bool:
    """Return whether an expression of whole numbers holds; a name that is no macro is 0. Raises Refusal."""
    said = []
    for one in words:
        number = WHOLE_NUMBER.fullmatch(one.text)
        said.append(
            str(int(number.group(1), 0)) if number else "0" if one.is_word else OPERATORS.get(one.text, one.text)
        )
    try:
        return bool(_number(ast.parse(" ".join(said).strip() or "0", mode="eval").body))
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        place = Lexeme("", words[0].start, words[-1].stop) if words else None
        raise Refusal("EL801", "this condition of the preprocessor cannot be read", place) from None


def _number(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            inner = _number(node.operand)
            return int(not inner) if isinstance(node.op, ast.Not) else -inner
        case ast.BoolOp():
            holds = all if isinstance(node.op, ast.And) else any
            return int(holds(_number(one) for one in node.values))
        case ast.BinOp(op=op) if type(op) in BINARY:
            return int(BINARY[type(op)](_number(node.left), _number(node.right)))
        case ast.Compare(ops=[op], comparators=[right]) if type(op) in COMPARE:
            return int(COMPARE[type(op)](_number(node.left), _number(right)))
    raise ValueError(node)
