# SPDX-License-Identifier: Apache-2.0
"""Python code blocks of Markdown documents, run as tests from top to bottom."""

import ast
import asyncio
import inspect
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

from sybil import Document, Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, SkipParser


class ModuleDocument(Document):
    """A document whose blocks share one module, one event loop and one empty working folder.

    The namespace is that of a real module: classes and functions of a block can be pickled, scanned and
    have their annotations resolved as if they stood in a file.
    """

    def __init__(self, text: str, path: str) -> None:
        super().__init__(text, path)
        self.module = ModuleType("document_" + re.sub(r"\W", "_", os.path.relpath(path)))
        self.module.__file__ = path
        self.namespace = vars(self.module)
        self.namespace["__document__"] = self
        self.runner = asyncio.Runner()
        self._left_to_undo = ExitStack()

    def enter(self) -> None:
        """Enter an empty folder and an environment without settings of the framework."""
        undo = self._left_to_undo
        folder = undo.enter_context(tempfile.TemporaryDirectory(prefix="document-"))
        undo.callback(os.chdir, Path.cwd())
        undo.callback(_restore_environment, dict(os.environ))
        undo.callback(sys.modules.pop, self.module.__name__, None)
        undo.callback(self.runner.close)
        sys.modules[self.module.__name__] = self.module
        for name in [name for name in os.environ if name.startswith("PYFLY_")]:
            del os.environ[name]

        os.chdir(folder)

    def leave(self) -> None:
        """Close the event loop, restore the environment and remove the folder."""
        self._left_to_undo.close()


def _restore_environment(saved: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(saved)


def _enter(namespace: dict[str, Any]) -> None:
    namespace["__document__"].enter()


def _leave(namespace: dict[str, Any]) -> None:
    namespace["__document__"].leave()


def run_block(example: Example) -> None:
    """Execute one block; a block that awaits runs in the event loop of its document."""
    document = example.document
    if not isinstance(document, ModuleDocument):
        raise TypeError(f"{example.path} was not parsed as a {ModuleDocument.__name__}")

    # Leading newlines keep the line numbers of tracebacks those of the document.
    padding = "\n" * (example.line + example.parsed.line_offset)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(padding + example.parsed, example.path, "exec", flags=flags, dont_inherit=True)
    outcome = eval(code, example.namespace)
    if inspect.iscoroutine(outcome):
        document.runner.run(outcome)


def markdown_blocks(root: Path) -> Sybil:
    """Describe which documents are collected (`*.md` below the root) and how their `python` blocks run."""
    return Sybil(
        parsers=[CodeBlockParser(language="python", evaluator=run_block), SkipParser()],
        path=str(root),
        pattern="*.md",
        document_types={".md": ModuleDocument},
        setup=_enter,
        teardown=_leave,
    )
