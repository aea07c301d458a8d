"""What the code never does: unpickle, evaluate text, start a shell, open a socket elsewhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "counterpoise"
FILES = sorted(SRC.rglob("*.py"))

FORBIDDEN_MODULES = {
    *("pickle", "cPickle", "_pickle", "cloudpickle", "dill", "shelve", "marshal", "code"),
    *("pty", "ctypes", "imp", "runpy"),
}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_ATTRIBUTES = {
    *("os.system", "os.popen", "os.execv", "os.execvp", "os.spawnl", "os.spawnv"),
    *("numpy.fromregex", "joblib.load", "joblib.dump", "pandas.read_pickle", "pd.read_pickle"),
    *("subprocess.getoutput", "subprocess.getstatusoutput"),
}
SOCKETS = {"socket", "urllib.request", "http.client", "ftplib", "requests", "pooch", "smtplib"}
SOCKETS_AT_HOME = {
    "sources/store.py": {"requests", "pooch"},
    "web/server.py": {"socket"},
    "report/pdf.py": set(),
}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_no_pickle_no_eval_no_shell(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    roots = {name.split(".")[0] for name in imported(tree)}
    assert not roots & FORBIDDEN_MODULES
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = dotted(node.func)
        assert name not in FORBIDDEN_CALLS, f"line {node.lineno}: {name}"
        assert name not in FORBIDDEN_ATTRIBUTES, f"line {node.lineno}: {name}"
        given = {k.arg: k.value for k in node.keywords}
        assert "shell" not in given, f"line {node.lineno}: a shell"
        pickled = given.get("allow_pickle")
        assert pickled is None or getattr(pickled, "value", True) is False
        if name in ("np.load", "numpy.load"):
            # Without the word numpy refuses objects; it must not be turned on.
            assert "allow_pickle" not in given or pickled is not None


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SRC)))
def test_sockets_are_opened_in_one_place(path: Path) -> None:
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    opened = {s for s in SOCKETS if any(n == s or n.startswith(s + ".") for n in names)}
    assert opened <= SOCKETS_AT_HOME.get(str(path.relative_to(SRC)), set())
