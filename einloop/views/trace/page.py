"""The trace as one HTML page that needs nothing from elsewhere: its data, the words of every language, a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from ..catalogue import Entry, languages, load_catalogue
from ..page import flat
from ..pages import html_environment

SCRIPTS = (
    "model", "words", "dom", "letters", "short", "code", "chips", "fit", "sheet", "grid", "sum", "pinned", "answer",
    "predict", "controls", "stages", "tabs", "help", "hash", "keys", "page", "mount",
)  # fmt: skip
"""The files of `templates/pages/trace/`, each after those whose constants it needs; types.js holds types alone."""
OWN = ("trace.page.", "story.kind.")
"""What the words of the page itself begin with; those of sentences in the data join them."""
COMMENT = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/ ?|^\s*// .*\n|^\s+", re.MULTILINE)
"""What a script does without in the page: comments, those for type checkers too, indentation, blank lines."""
LOOSE = re.compile(r"(?<=[;{},:])\s+|;?\s+(?=})|\s+(?=\{)")
"""Blanks, and semicolons at the end of a block, that a style sheet does without."""
UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
"""What could end a script element, what older scripts take for an end of line, and halves of a character."""
FRAME = 'sandbox="allow-scripts" style="width: 100%; height: 44rem; border: 0; resize: vertical"'


def page_words() -> dict[str, Mapping[str, Entry]]:
    """Return the words of every language, by id."""
    return {lang: load_catalogue(lang).entries for lang in languages()}


def write_trace_page(
    data: Mapping[str, Any], words: Mapping[str, Mapping[str, Entry]], lang: str, *, fragment: bool = False
) -> str:
    """Return a trace as a page, or as a frame for a notebook, which keeps the page's styles and scripts to itself.

    `data` is the trace as JSON has it, `words` are the catalogue's entries by language (`page_words()`).
    """
    env = html_environment()

    def script(name: str) -> str:
        assert env.loader is not None
        return COMMENT.sub("", env.loader.get_source(env, f"trace/{name}.js")[0])

    page = env.get_template("trace.html").render(
        data=data,
        lang=lang,
        first=first_step(data, words[lang]),
        needs=words[lang]["trace.page.noscript"],
        embedded=script_safe({"data": data, "words": used_words(words, data), "lang": lang}),
        scripts=SCRIPTS,
        script=script,
        tight=tight,
    )
    if not fragment:
        return page
    title = escape(f"{flat(data['expression'])} · einloop trace")
    return f'<iframe {FRAME} title="{title}" srcdoc="{escape(page)}"></iframe>\n'


def used_words(words: Mapping[str, Mapping[str, Entry]], data: Mapping[str, Any]) -> dict[str, dict[str, Entry]]:
    """Return the words of the page itself and of the sentences in the data."""
    ids = {message[0] for messages in (data["notes"], *(step["why"] for step in data["steps"])) for message in messages}
    ids.update(_sentences(data.get("story")))
    return {
        lang: {id: entry for id, entry in entries.items() if id.startswith(OWN) or id in ids}
        for lang, entries in words.items()
    }


def _sentences(data: Any) -> Iterator[str]:
    """Yield the id of every sentence: the first of two items of which the other has its values by name."""
    match data:
        case [str(id), Mapping() as values]:
            yield id
            yield from _sentences(list(values.values()))
        case Mapping():
            yield from _sentences(list(data.values()))
        case list() | tuple():
            for one in data:
                if isinstance(one, list | tuple | Mapping):
                    yield from _sentences(one)


def script_safe(value: object) -> str:
    r"""Return JSON that may stand in a script element, whatever texts it holds.

    >>> script_safe({"a": "</script><!--"})
    '{"a":"\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def tight(style: str) -> str:
    """Return a style sheet without the blanks and semicolons that nothing needs.

    >>> tight(".a :focus, .b { margin: 0 1px; }")
    '.a :focus,.b{margin:0 1px}'
    """
    return LOOSE.sub("", style)


def first_step(data: Mapping[str, Any], words: Mapping[str, Entry]) -> str:
    """Return the first step as a line of text, for a reader whose browser runs no scripts.

    >>> cells = {"name": "c", "shape": []}, {"name": "A", "shape": [2, 3]}
    >>> step = {"target": [0, 0], "before": "1", "after": "3", "terms": [{"factors": [[1, 4, "2"]], "value": "2"}]}
    >>> data = {"arrays": cells, "steps": [step], "first": 7, "count": 9}
    >>> first_step(data, {"trace.page.place": "{number} of {count}"})
    '7 of 9: A[1,1] = 2; c = 1 + 2 = 3'
    """
    if not data["steps"]:
        return str(words["trace.page.none"])
    step, arrays = data["steps"][0], data["arrays"]
    read = [f"{cell_name(arrays[one], at)} = {text}" for term in step["terms"] for one, at, text in term["factors"]]
    added = "" if step["before"] is None else step["before"]
    for term in step["terms"]:
        sign = "-" if term.get("negative") else "+" if added else ""
        added += f" {sign} {term['value']}" if added else f"{sign}{term['value']}"
    done = f"{cell_name(arrays[step['target'][0]], step['target'][1])} = {added} = {step['after']}"
    place = str(words["trace.page.place"]).format(number=data["first"], count=data["count"])
    return f"{place}: {'; '.join([*dict.fromkeys(read), done])}"


def cell_name(array: Mapping[str, Any], place: int) -> str:
    """Return how code writes an element, from its flat place.

    >>> cell_name({"name": "A", "shape": [2, 3]}, 4)
    'A[1,1]'
    """
    at = []
    for extent in reversed(array["shape"]):
        at.append(str(place % extent))
        place //= extent
    return f"{array['name']}[{','.join(reversed(at))}]" if at else array["name"]
