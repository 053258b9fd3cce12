"""How Sphinx builds the site: `sphinx-build -W --keep-going -c docs/site . build/site`, from the root of the checkout.

Pages are the Markdown files as they stand in the repository, so that every link among them holds in both places.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1]))

from einloop import __version__

project = "einloop"
author = "einloop's authors"
copyright = author  # Sphinx reads this name
release = version = __version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "markdown"]
root_doc = "docs/index"
include_patterns = ["docs/**.md", "*.md", "templates/README.md", "examples/README.md", "benchmarks/*.md"]
exclude_patterns = ["build", "dist", ".*", "**/.*", "docs/site"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r".*")]  # docstrings name types in words
show_warning_types = True

smartquotes_action = "D"  # dashes alone: quotes in text are those of code
default_role = "literal"  # docstrings write code between single backticks
autodoc_typehints = "none"  # the sections of a docstring name the types
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_ivar = True  # attributes as one list

html_theme = "alabaster"
html_title = "einloop"
html_static_path = ["static"]
html_css_files = ["einloop.css"]
html_extra_path = ["index.html"]  # at the root of the site, and leads to the pages
html_sidebars = {"**": ["about.html", "searchbox.html", "navigation.html"]}
html_theme_options = {
    "description": "Explicit nested loops for any einsum expression, proven against np.einsum",
    "fixed_sidebar": False,
    "page_width": "1180px",
    "sidebar_width": "230px",
    "show_powered_by": False,
    "github_button": False,
}
html_show_sourcelink = False
html_copy_source = False
pygments_style = "friendly"


def setup(app):
    """Show a class without the arguments that make it: they are the package's own affair."""
    app.connect("autodoc-process-signature", lambda app, what, *rest: ("", None) if what == "class" else None)
