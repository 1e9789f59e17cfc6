# SPDX-License-Identifier: Apache-2.0
"""Find what serves a method and a path: literal text first, then typed variables, then any, then the rest."""

from typing import Generic, TypeVar

from pyfly.web.routing.path import PathTemplate, Segment, SegmentPattern

T = TypeVar("T")


class RouteConflictError(ValueError):
    """Report two targets for the same method and path.

    Attributes:
        method: The HTTP method.
        path: The path of the later route.
        existing: The target that is there already.
    """

    def __init__(self, method: str, path: str, existing: object) -> None:
        self.method = method
        self.path = path
        self.existing = existing
        super().__init__(f"{method} {path} is served twice")


class _Node(Generic[T]):
    __slots__ = ("any", "literals", "patterns", "rest", "targets")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[T]] = {}
        self.patterns: list[tuple[int, SegmentPattern, _Node[T]]] = []
        self.any: _Node[T] | None = None
        self.rest: _Node[T] | None = None
        self.targets: dict[str, T] = {}

    def child(self, segment: Segment) -> "_Node[T]":
        if segment.rest:
            self.rest = self.rest or _Node()
            return self.rest

        if not segment.names:
            return self.literals.setdefault(segment.text, _Node())

        if segment.pattern is None:
            self.any = self.any or _Node()
            return self.any

        for _, pattern, node in self.patterns:
            if pattern.pattern == segment.pattern.pattern:
                return node

        added: _Node[T] = _Node()
        self.patterns.append((segment.literal_length, segment.pattern, added))
        # More literal text is more specific; the sort is stable, so equals keep their order of declaration.
        self.patterns.sort(key=lambda entry: -entry[0])
        return added


class RouteTable(Generic[T]):
    """Routes of any target type, compiled into a tree of segments."""

    __slots__ = ("_literals", "_root")

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._literals: dict[str, dict[str, T]] = {}

    def add(self, method: str, template: PathTemplate, target: T) -> None:
        """Serve a method and a path with ``target``.

        Raises:
            RouteConflictError: Another target serves exactly these.
        """
        node = self._root
        for segment in template.segments:
            node = node.child(segment)

        if method in node.targets:
            raise RouteConflictError(method, template.text, node.targets[method])

        node.targets[method] = target
        if not template.names:
            self._literals[template.text] = node.targets

    def find(self, method: str, path: str) -> tuple[T, tuple[str, ...]] | None:
        """Return the most specific target that serves the method, and the texts of the path's variables."""
        targets = self._literals.get(path)
        if targets is not None and method in targets:
            return targets[method], ()

        # What a server hands on may be no path at all: the "*" of OPTIONS, or whatever a client has sent.
        if path[:1] != "/":
            return None

        return _find(self._root, path[1:].split("/"), 0, method, ())

    def allowed(self, path: str) -> set[str]:
        """Return the methods that are served on a path by any route that matches it."""
        methods: set[str] = set()
        if path[:1] != "/":
            return methods

        _collect(self._root, path[1:].split("/"), 0, methods)
        return methods


def _find(
    node: _Node[T], segments: list[str], index: int, method: str, values: tuple[str, ...]
) -> tuple[T, tuple[str, ...]] | None:
    # The last alternative of a node is followed by the loop; only those before it cost a call.
    while index < len(segments):
        text = segments[index]
        index += 1
        literal = node.literals.get(text)
        if literal is not None:
            if node.any is None and node.rest is None and not node.patterns:
                node = literal
                continue

            found = _find(literal, segments, index, method, values)
            if found is not None:
                return found

        for _, pattern, child in node.patterns:
            match = pattern.fullmatch(text)
            if match is not None:
                found = _find(child, segments, index, method, values + match.groups())
                if found is not None:
                    return found

        anything = node.any
        if anything is not None and text:
            if node.rest is None:
                node = anything
                values = (*values, text)
                continue

            found = _find(anything, segments, index, method, (*values, text))
            if found is not None:
                return found

        if node.rest is not None and method in node.rest.targets:
            return node.rest.targets[method], (*values, "/".join(segments[index - 1 :]))

        return None

    target = node.targets.get(method)
    return None if target is None else (target, values)


def _collect(node: _Node[T], segments: list[str], index: int, methods: set[str]) -> None:
    if index == len(segments):
        methods.update(node.targets)
        return

    text = segments[index]
    if text in node.literals:
        _collect(node.literals[text], segments, index + 1, methods)

    for _, pattern, child in node.patterns:
        if pattern.fullmatch(text):
            _collect(child, segments, index + 1, methods)

    if node.any is not None and text:
        _collect(node.any, segments, index + 1, methods)

    if node.rest is not None:
        methods.update(node.rest.targets)
