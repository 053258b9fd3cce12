"""Wrapping without black gives what black gives."""

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einloop.core.errors import TemplateError
from einloop.format import format_python
from einloop.format.wrap import wrap_product

names = st.from_regex(r"[a-zA-Z][a-z_]{0,30}", fullmatch=True).filter(lambda name: name not in ("in", "is", "or", "if"))
subscripts = st.lists(st.sampled_from(["i", "j", "batch", "*at", "0", "query"]), max_size=6)


@st.composite
def accesses(draw):
    name, inside = draw(names), draw(subscripts)
    return f"{name}[{', '.join(inside)}]" if inside else name


@st.composite
def statements(draw):
    indent = " " * 4 * draw(st.integers(0, 9))
    factors = draw(st.lists(accesses(), min_size=3, max_size=12))
    return f"{indent}{draw(accesses())} {draw(st.sampled_from(['=', '+=']))} {' * '.join(factors)}"


def as_black(line):
    depth = (len(line) - len(line.lstrip())) // 4
    head = "".join(f"{'    ' * k}if x:\n" for k in range(depth))
    return black.format_str(head + line + "\n", mode=black.Mode())[len(head) :].rstrip("\n")


@settings(max_examples=400, deadline=None)
@given(statements())
def test_a_wrapped_product_is_blacks(line):
    wrapped = wrap_product(line, 88)
    if len(line) > 88 and wrapped is not None:
        try:
            expected = as_black(line)
        except (black.InvalidInput, RecursionError):
            return
        assert wrapped == expected


@pytest.mark.parametrize(
    "line", ["x = a * b", "x = f(a) * b * c", "x = 'a * b * c'", "for i in a * b * c:", "x == a * b * c"]
)
def test_other_lines_are_left_to_black(line):
    assert wrap_product(line, 3) is None


def test_text_that_is_no_python_is_refused():
    with pytest.raises(TemplateError) as refused:
        format_python("for i in:\n", always=True)
    assert refused.value.id == "EL507"
    assert "   1 | for i in:" in str(refused.value)
