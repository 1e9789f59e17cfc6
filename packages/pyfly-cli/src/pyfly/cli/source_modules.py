# SPDX-License-Identifier: Apache-2.0
"""What the modules of a project define, told from their text: nothing is imported."""

import ast
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PASSED_OVER = frozenset(
    {"__pycache__", "build", "dist", "node_modules", "site-packages", "tests", "venv", "env", "docs"}
)
_MAX_DEPTH = 4
_MAX_FOLDERS = 500
_MAX_FILES = 1000
_MAX_BYTES = 1024 * 1024
# With these a module can get names that its text does not show.
_SURPRISING = frozenset({"exec", "globals", "locals", "modules", "setattr", "vars"})
# Names that ASGI applications usually have.
APPLICATION_NAMES = ("app", "application", "asgi", "asgi_app", "api")


@dataclass(frozen=True, slots=True)
class SourceModule:
    """A module of a project.

    Attributes:
        name: How it is imported when the project's folder and its ``src`` are on the path.
        path: Its file.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Definitions:
    """What a module defines.

    Attributes:
        names: Its names, in the order of the text.
        applications: Those that look like ASGI applications: usual names that are given what a call returns.
        complete: Whether it has no other names; False where some come about in ways that only its execution
            tells.
    """

    names: tuple[str, ...]
    applications: tuple[str, ...]
    complete: bool


def project_modules(directory: Path) -> list[SourceModule]:
    """Return the modules of a project, those of ``src`` first; a large project is looked at in part.

    Args:
        directory: Its folder.
    """
    found: dict[Path, SourceModule] = {}
    for root in (directory / "src", directory):
        for path in _python_files(root):
            if len(found) >= _MAX_FILES:
                break

            parts = path.relative_to(root).with_suffix("").parts
            if parts[-1] == "__init__":
                parts = parts[:-1]

            if parts and all(part.isidentifier() for part in parts):
                found.setdefault(path, SourceModule(".".join(parts), path))

    return list(found.values())


def definitions(path: Path) -> Definitions | None:
    """Return what a module defines, None when its text cannot be read.

    Args:
        path: Its file.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None

        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None

    reading = _Reading()
    reading.read(tree.body)
    reading.look_out_for_surprises(tree)
    return Definitions(tuple(reading.names), tuple(reading.applications), reading.complete)


def _python_files(root: Path) -> Iterator[Path]:
    # Breadth first: what is near the root is likelier meant than what is deep within.
    folders = deque([(root, 0)])
    for _ in range(_MAX_FOLDERS):
        if not folders:
            return

        folder, depth = folders.popleft()
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            continue

        for entry in entries:
            if entry.name.startswith(".") or entry.name in _PASSED_OVER:
                continue

            if entry.suffix == ".py":
                yield entry
            elif depth < _MAX_DEPTH and entry.is_dir() and not (entry / "pyvenv.cfg").exists():
                folders.append((entry, depth + 1))


class _Reading:
    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.applications: dict[str, None] = {}
        self.complete = True

    def read(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self._read(statement)

    def _read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self.names[name] = None
                # A module that answers for any name.
                self.complete = self.complete and name != "__getattr__"
            case ast.Import(names=aliases):
                self.names |= {(it.asname or it.name.partition(".")[0]): None for it in aliases}
            case ast.ImportFrom(names=aliases):
                self.names |= {(it.asname or it.name): None for it in aliases}
                self.complete = self.complete and all(it.name != "*" for it in aliases)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assigned(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assigned(target, value)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return
            case ast.If(body=body, orelse=orelse):
                self.read([*body, *orelse])
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                self.read([*body, *(it for handler in handlers for it in handler.body), *orelse, *finalbody])
            case _:
                # A loop, a `with`: which names these leave behind is not looked into.
                self.complete = self.complete and not any(map(_is_assigned, ast.walk(statement)))

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self.names[node.id] = None
                if node.id in APPLICATION_NAMES and isinstance(value, ast.Call):
                    self.applications[node.id] = None

    def look_out_for_surprises(self, tree: ast.Module) -> None:
        """Find what makes names of the module from elsewhere in the text."""
        for node in ast.walk(tree):
            match node:
                case ast.Global(names=names):
                    self.names |= dict.fromkeys(names)
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in _SURPRISING:
                    self.complete = False


def _is_assigned(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
