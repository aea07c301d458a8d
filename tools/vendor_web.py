"""Copy the dashboard's libraries from a folder of npm packages: ``python tools/vendor_web.py DIR``.

``DIR`` is a ``node_modules`` folder that holds htmx.org, vega, vega-lite and vega-interpreter.
Nothing is built: files are copied, without the references to their source maps, and listed with
version, licence and hash in ``VENDORED.md``. The interpreter is an ES module; its import and export
are exchanged for globals, so that it loads like the others under a strict content policy.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

STATIC = Path(__file__).parents[1] / "src" / "counterpoise" / "web" / "static" / "vendor"
FILES = {
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js"),
    "vega.min.js": ("vega", "build/vega.min.js"),
    "vega-lite.min.js": ("vega-lite", "build/vega-lite.min.js"),
    "vega-interpreter.js": ("vega-interpreter", "build/vega-interpreter.js"),
}
HEAD = """\
# Libraries in this folder

Copied by `python tools/vendor_web.py DIR` from npm packages, without references to source maps. The
import and export lines of vega-interpreter are exchanged for globals; nothing else is changed. Each
licence is in `licences/`.

| file | package | version | licence | SHA-256 |
|---|---|---|---|---|
"""


def main(modules: Path) -> None:
    """Copy every file and its licence, and write the list."""
    (STATIC / "licences").mkdir(parents=True, exist_ok=True)
    lines = []
    for name, (package, path) in FILES.items():
        about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        text = (modules / package / path).read_text(encoding="utf-8")
        text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
        text = as_script(text) if name == "vega-interpreter.js" else text
        (STATIC / name).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        lines.append(f"| {name} | {package} | {about['version']} | {about['license']} | {digest} |")
        licence = (modules / package / "LICENSE").read_text(encoding="utf-8")
        (STATIC / "licences" / f"{package}.txt").write_text(licence, encoding="utf-8")
    (STATIC / "VENDORED.md").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def as_script(text: str) -> str:
    """An ES module that imports from vega-util as a script that reads from ``vega``."""
    text, imports = re.subn(
        r"import \{([^}]+)\} from 'vega-util';", r"const {\1} = globalThis.vega;", text
    )
    text, exports = re.subn(
        r"export \{ expression as expressionInterpreter \};",
        "globalThis.vegaInterpreter = expression;",
        text,
    )
    if (imports, exports) != (1, 1):
        sys.exit("vega-interpreter is no longer written as this script expects.")
    return "(function () {\n'use strict';\n" + text + "\n})();\n"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
