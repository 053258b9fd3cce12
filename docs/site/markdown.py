"""Reads the Markdown of these pages into Sphinx: CommonMark and tables, by markdown-it-py.

Headings get the anchors that GitHub gives them. A link may lead to a page, an anchor or a file of the repository; one
that leads nowhere is a warning. The root page's links become the site's contents, a chapter for each of its headings. A
comment `<!-- autodoc: autofunction einloop.generate -->` becomes what autodoc writes of it; on GitHub it is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser as RSTParser
from docutils.utils import new_document
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import NoUri
from sphinx.parsers import Parser
from sphinx.util.rst import default_role

AUTODOC = re.compile(r"<!-- autodoc: (?P<directive>\w+) (?P<name>[\w.]+) (?P<options>(?::[\w-]+: ?)*)-->\s*")
PLAIN: dict[str, type[nodes.Element]] = {
    "paragraph": nodes.paragraph,
    "bullet_list": nodes.bullet_list,
    "ordered_list": nodes.enumerated_list,
    "list_item": nodes.list_item,
    "blockquote": nodes.block_quote,
    "strong": nodes.strong,
    "em": nodes.emphasis,
}
"""Markdown's nodes that docutils has under another name."""


def slug(title: str) -> str:
    """Return the anchor that GitHub gives to a heading.

    >>> slug("EL734, EL741: an ellipsis that is lost")
    'el734-el741-an-ellipsis-that-is-lost'
    """
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


class MarkdownParser(Parser):
    """Sphinx's parser of `.md` files."""

    supported = ("markdown", "md")

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Fill the document."""
        self.setup_parse(inputstring, document)
        Page(document).read(inputstring)
        self.finish_parse()


class Page:
    """A document that is being filled."""

    def __init__(self, document: nodes.document) -> None:
        self.document = document
        self.env: BuildEnvironment = document.settings.env
        self.anchors: set[str] = set()
        self.readers: dict[str, Callable[[SyntaxTreeNode], list[nodes.Node]]] = {
            "text": lambda node: [nodes.Text(node.content)],
            "softbreak": lambda node: [nodes.Text("\n")],
            "hardbreak": lambda node: [nodes.raw("", "<br>", format="html")],
            "code_inline": lambda node: [nodes.literal(node.content, node.content)],
            "hr": lambda node: [nodes.transition()],
            "inline": self.inside,
            "fence": self.code,
            "code_block": self.code,
            "html_block": self.html,
            "html_inline": self.html,
            "link": self.link,
            "image": self.image,
            "table": self.table,
        }

    def read(self, text: str) -> None:
        """Read a whole page, and nest its sections."""
        tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
        above: list[tuple[int, nodes.Element]] = [(0, self.document)]
        for node in tree.children:
            if node.type == "heading":
                level = int(node.tag[1:])
                while above[-1][0] >= level:
                    above.pop()
                section = self.section(node)
                above[-1][1].append(section)
                above.append((level, section))
            else:
                above[-1][1].extend(self.nodes(node))
        if self.env.docname == self.env.config.root_doc:
            self.add_contents()

    def nodes(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return what docutils has for a node of Markdown."""
        if node.type in self.readers:
            found = self.readers[node.type](node)
        elif node.type in PLAIN:
            found = [PLAIN[node.type]()]
            found[0].extend(self.inside(node))
        else:
            raise ValueError(f"{self.env.docname}: no reader for {node.type}")
        for one in found:
            if node.map:
                one.source, one.line = self.env.doc2path(self.env.docname), node.map[0] + 1
        return found

    def inside(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return what stands inside a node."""
        return [one for child in node.children for one in self.nodes(child)]

    def section(self, node: SyntaxTreeNode) -> nodes.section:
        """Return a section with its title, and the anchor that GitHub gives it."""
        title = nodes.title("", "", *self.inside(node))
        base = slug(title.astext())
        names = (base if number == 0 else f"{base}-{number}" for number in count())
        anchor = next(name for name in names if name not in self.anchors)
        self.anchors.add(anchor)
        section = nodes.section("", title, ids=[anchor])
        self.document.ids[anchor] = section
        return section

    def code(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return a block of code, in the language that it names."""
        language = node.info.partition(" ")[0] or "text"
        text = node.content.rstrip("\n")
        return [nodes.literal_block(text, text, language=language)]

    def html(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return HTML as it is; a comment is what it asks autodoc for, or nothing."""
        asked = AUTODOC.fullmatch(node.content)
        if asked:
            options = "".join(f"   {option}\n" for option in asked["options"].split())
            return self.restructured(f".. {asked['directive']}:: {asked['name']}\n{options}")
        if node.content.startswith("<!--"):
            return []
        return [nodes.raw("", node.content, format="html")]

    def restructured(self, text: str) -> list[nodes.Node]:
        """Return what reStructuredText comes to."""
        settings = get_default_settings(RSTParser)
        vars(settings).update(vars(self.document.settings))
        inner = new_document(self.document["source"], settings)
        inner.reporter = self.document.reporter
        with default_role(self.env.docname, self.env.config.default_role):  # each parse ends by forgetting it
            RSTParser().parse(text, inner)
        return list(inner.children)

    def link(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return a link: out of the site, to a page, or to a file of the repository."""
        target, text = str(node.attrs["href"]), self.inside(node)
        parts = urlsplit(target)
        if parts.scheme:
            return [nodes.reference("", "", *text, refuri=target)]
        path = self.place(unquote(parts.path)) if parts.path else self.env.doc2path(self.env.docname, base=False)
        if self.env.path2doc(path) in self.env.found_docs:
            found = addnodes.pending_xref("", *text, reftype="page", refdomain="", refwarn=True, refexplicit=True)
            found["reftarget"], found["anchor"] = self.env.path2doc(path), parts.fragment
            found["refdoc"] = self.env.docname
            return [found]
        return [addnodes.download_reference("", "", *text, reftarget="/" + path, refdoc=self.env.docname)]

    def place(self, path: str) -> str:
        """Return a path that is written relative to this page, relative to the root."""
        return normpath(PurePosixPath(self.env.docname).parent / path)

    def image(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return a picture."""
        return [nodes.image("", uri="/" + self.place(str(node.attrs["src"])), alt=node.content)]

    def table(self, node: SyntaxTreeNode) -> list[nodes.Node]:
        """Return a table, in a box of its own that scrolls where the page is narrow."""
        rows = [row for part in node.children for row in part.children]
        group = nodes.tgroup(cols=len(rows[0].children))
        group.extend(nodes.colspec(colwidth=1) for _ in rows[0].children)
        for part in node.children:
            kind = nodes.thead if part.type == "thead" else nodes.tbody
            group.append(kind("", *(self.row(row) for row in part.children)))
        return [nodes.container("", nodes.table("", group, classes=["colwidths-auto"]), classes=["scroll"])]

    def row(self, node: SyntaxTreeNode) -> nodes.row:
        """Return a row of a table."""
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *self.inside(cell))) for cell in node.children))

    def add_contents(self) -> None:
        """Add the contents of the site to the root page, unseen: the pages that each of its sections links to."""
        for section in self.document.findall(nodes.section):
            if section.next_node(nodes.section):
                continue
            titles = {link["reftarget"]: link.astext() for link in section.findall(addnodes.pending_xref)}
            section.append(
                addnodes.toctree(
                    "",
                    parent=self.env.docname,
                    entries=[(title, page) for page, title in titles.items()],
                    includefiles=list(titles),
                    caption=section[0].astext(),
                    hidden=True,
                    includehidden=False,
                    maxdepth=1,
                    titlesonly=True,
                    glob=False,
                    numbered=0,
                    rawentries=[],
                    rawcaption=section[0].astext(),
                )
            )


def find_page(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, text: nodes.TextElement
) -> nodes.Node | None:
    """Return the link to a page, or None where the page lacks the anchor: Sphinx then warns."""
    if node["reftype"] != "page":
        return None
    target, anchor = node["reftarget"], node["anchor"]
    if anchor and anchor not in env.get_doctree(target).ids:
        node["reftarget"] += "#" + anchor
        return None
    try:
        uri = app.builder.get_relative_uri(node["refdoc"], target)
    except NoUri:
        return None
    return nodes.reference("", "", *node.children, internal=True, refuri=uri + (f"#{anchor}" if anchor else ""))


def setup(app: Sphinx) -> dict[str, object]:
    """Tell Sphinx about the parser and its links."""
    app.add_source_suffix(".md", "markdown")
    app.add_source_parser(MarkdownParser)
    app.connect("missing-reference", find_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
