"""Sphinx: the documentation as a site, read from the Markdown pages beside this file.

``make site`` builds it into build/site. Nothing is fetched, and a warning is an error.
"""

from __future__ import annotations

from pathlib import Path

_VERSION = Path(__file__).parents[1] / "src" / "counterpoise" / "version.py"

project = "Counterpoise"
author = "The Counterpoise developers"
copyright = author
release = _VERSION.read_text(encoding="utf-8").split('"')[-2]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["build"]
nitpicky = True

myst_heading_anchors = 4
myst_links_external_new_tab = False

html_theme = "alabaster"
html_title = f"Counterpoise {release}"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "description": "Do states balance against a leading power?",
    "fixed_sidebar": True,
    "page_width": "72rem",
    "sidebar_width": "16rem",
    "font_size": "1rem",
    "font_family": "Georgia, serif",
    "code_font_size": "0.8rem",
}
html_sidebars = {"**": ["about.html", "searchbox.html", "navigation.html", "relations.html"]}
