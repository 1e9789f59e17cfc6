# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that a program can check in the source tree.

Each rule takes the workspace and yields one line of text for each place that breaks it.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from house.workspace import Distribution, Workspace

SPDX = "# SPDX-License-Identifier: Apache-2.0"
MOST_LINES = 400
FENCE_LANGUAGES = frozenset({"bash", "http", "ini", "json", "python", "sql", "text", "toml", "yaml"})
PACKAGE_FILES = ("CHANGELOG.md", "README.md", "pyproject.toml")

_FRAGMENT = re.compile(r"[a-z0-9][a-z0-9-]*\.(added|changed|fixed)\.md")
_ADAPTER = re.compile(r"pyfly(\.\w+)+\.adapters(\.\w+)+(:\w+)?")
_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$")


def tracked_files(workspace: Workspace, pattern: str) -> list[Path]:
    """List the files of the repository that match a glob pattern and are not ignored by git."""
    command = [
        "git",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
        "--",
        pattern,
    ]
    listed = subprocess.run(command, cwd=workspace.root, check=True, capture_output=True, text=True).stdout
    return [path for line in listed.splitlines() if (path := workspace.root / line).is_file()]


def missing_licence_lines(workspace: Workspace) -> Iterator[str]:
    """Every Python file starts with the licence identifier."""
    for path in tracked_files(workspace, "*.py"):
        if path.read_text("utf-8").split("\n", 1)[0] != SPDX:
            yield f"{path.relative_to(workspace.root)}: the first line is not {SPDX!r}"


def type_checking_imports(workspace: Workspace) -> Iterator[str]:
    """Annotations are read at run time, so no import hides behind `TYPE_CHECKING`."""
    for found in workspace.distributions:
        for path in found.sources:
            for node in ast.walk(ast.parse(path.read_bytes())):
                name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
                if name == "TYPE_CHECKING":
                    yield f"{path.relative_to(workspace.root)}:{node.lineno}: TYPE_CHECKING"  # type: ignore[attr-defined]  # names and attributes have a line


def broken_namespaces(workspace: Workspace) -> Iterator[str]:
    """`pyfly` and every `adapters` folder are namespaces: they have no `__init__.py`."""
    for found in workspace.distributions:
        for path in found.sources:
            inside = path.relative_to(found.source_root)
            if path.name == "__init__.py" and (
                inside.parent == Path("pyfly") or path.parent.name == "adapters"
            ):
                yield f"{path.relative_to(workspace.root)}: {inside.parent} is a namespace"


def shared_paths(workspace: Workspace) -> Iterator[str]:
    """Two distributions never ship the same path."""
    owners: dict[Path, str] = {}
    for found in workspace.distributions:
        for path in found.sources:
            inside = path.relative_to(found.source_root)
            if inside in owners:
                yield f"{inside}: in {owners[inside]} and in {found.name}"

            owners[inside] = found.name


def long_files(workspace: Workspace) -> Iterator[str]:
    """A source file that grows past the limit has two ideas in it."""
    for found in workspace.distributions:
        for path in found.sources:
            lines = len(path.read_text("utf-8").splitlines())
            if lines >= MOST_LINES:
                yield f"{path.relative_to(workspace.root)}: {lines} lines, the limit is {MOST_LINES}"


def named_adapters(workspace: Workspace) -> Iterator[str]:
    """No module names an adapter in a string, which an import contract cannot see."""
    for found in workspace.distributions:
        for path in found.sources:
            if "adapters" in path.relative_to(found.source_root).parts:
                continue

            for node in ast.walk(ast.parse(path.read_bytes())):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and _ADAPTER.fullmatch(text):
                    yield f"{path.relative_to(workspace.root)}:{node.lineno}: names {text}"  # type: ignore[attr-defined]  # constants have a line


def missing_package_files(workspace: Workspace) -> Iterator[str]:
    """Each distribution has its papers, and its `changes` hold nothing but fragments."""
    for found in workspace.distributions:
        folder = found.root.relative_to(workspace.root)
        for name in PACKAGE_FILES:
            if not (found.root / name).is_file():
                yield f"{folder}/{name}: missing"

        for fragment in sorted((found.root / "changes").glob("[!.]*")):
            if not _FRAGMENT.fullmatch(fragment.name):
                yield f"{folder}/changes/{fragment.name}: not named <slug>.<added|changed|fixed>.md"


def loose_sibling_requirements(workspace: Workspace) -> Iterator[str]:
    """A sibling is required as `>=floor,<next major`."""
    siblings = {canonicalize_name(found.name) for found in workspace.distributions}
    for found in workspace.distributions:
        for line in found.requirements:
            try:
                required = Requirement(line)
            except InvalidRequirement as error:
                yield f"{found.name}: {error}"
                continue

            name = canonicalize_name(required.name)
            # An extra of the distribution itself may name its other extras.
            if name in siblings and name != found.name and not _bounded(required):
                yield f"{found.name}: {line!r} is not written as {required.name}>=<floor>,<<next major>"


def _bounded(required: Requirement) -> bool:
    operators = {specifier.operator: specifier.version for specifier in required.specifier}
    if set(operators) != {">=", "<"}:
        return False

    return operators["<"] == str(int(operators[">="].split(".")[0]) + 1)


def unreachable_distributions(umbrella: Distribution, workspace: Workspace) -> Iterator[str]:
    """The `all` extra of the umbrella reaches every distribution."""
    by_name = {found.name: found for found in workspace.distributions}
    seen: set[tuple[str, str]] = set()
    waiting = [(umbrella.name, ""), (umbrella.name, "all")]
    while waiting:
        name, extra = step = waiting.pop()
        if step in seen or name not in by_name:
            continue

        seen.add(step)
        project = by_name[name].project
        table = project.get("optional-dependencies", {})
        for line in table.get(extra, []) if extra else project.get("dependencies", []):
            required = Requirement(line)
            waiting += [(required.name, chosen) for chosen in ("", *required.extras)]

    reached = {name for name, _ in seen}
    yield from (f"{name}: not reached from {umbrella.name}[all]" for name in sorted(by_name.keys() - reached))


def unknown_fences(workspace: Workspace) -> Iterator[str]:
    """Each Markdown code block names its language and nothing else: a misspelt `python` would never run."""
    for path in tracked_files(workspace, "*.md"):
        fence = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            found = _FENCE.match(line)
            if found is None:
                continue

            if fence:
                fence = "" if found["fence"].startswith(fence) and not found["info"].strip() else fence
                continue

            fence = found["fence"]
            if found["info"] not in FENCE_LANGUAGES:
                known = ", ".join(sorted(FENCE_LANGUAGES))
                yield f"{path.relative_to(workspace.root)}:{number}: {found['info']!r} is none of {known}"


def broken_links(workspace: Workspace) -> Iterator[str]:
    """Each relative link of a Markdown file leads to a file of the repository."""
    for path in tracked_files(workspace, "*.md"):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8")):
            if ":" not in target and not (path.parent / target).exists():
                yield f"{path.relative_to(workspace.root)}: no {target}"


def unlisted_guides(workspace: Workspace) -> Iterator[str]:
    """The front page of the guides links each of them."""
    docs = workspace.root / "docs"
    front = (docs / "index.md").read_text("utf-8")
    for guide in sorted(docs.glob("*/*.md")):
        if f"]({guide.relative_to(docs).as_posix()})" not in front:
            yield f"docs/index.md does not link {guide.relative_to(docs)}"
