# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between beans; every error says what, where and what to do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

from pyfly.container._advice import how_to_provide
from pyfly.container._type_names import type_name
from pyfly.kernel.exceptions import InfrastructureException


class BeanCreationException(InfrastructureException):
    """A bean, or something that makes beans, cannot be brought up.

    Args:
        subsystem: The part of the system that failed, such as ``"messaging"``.
        provider: The class, bean or method that failed.
        reason: What went wrong, in a sentence.
        action: What the reader can do about it.

    Attributes:
        description: The whole finding, as shown when a start fails.
        action: What the reader can do about it; empty when only the reason tells.
    """

    http_status = 500

    def __init__(self, subsystem: str, provider: str, reason: str, *, action: str = "") -> None:
        self.subsystem = subsystem
        self.provider = provider
        self.reason = reason
        self._action = action
        super().__init__(f"[{subsystem}] {provider}: {reason}", code=f"BEAN_CREATION_{subsystem.upper()}")

    @property
    def description(self) -> str:
        # A note whose path has one step only would repeat the provider.
        notes = [note for note in getattr(self, "__notes__", ())[:1] if " -> " in note]
        return "\n".join([f"{self.provider}: {self.reason}", *(f"  {note}" for note in notes)])

    @property
    def action(self) -> str:
        return self._action

    def __str__(self) -> str:
        return "\n".join([f"[{self.subsystem}] {self.provider}: {self.reason}", *self._advice()])

    def _advice(self) -> list[str]:
        return ["Action:", *(f"  {line}" for line in self.action.splitlines())] if self.action else []

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return _restore, (type(self), self._facts())

    def _facts(self) -> dict[str, Any]:
        return {
            "subsystem": self.subsystem,
            "provider": self.provider,
            "reason": self.reason,
            "action": self._action,
        }


def _restore(kind: type[BeanCreationException], facts: dict[str, Any]) -> BeanCreationException:
    return kind(**facts)


class ResolutionError(BeanCreationException):
    """An error found while matching injection points with beans; it knows the way that led there."""

    def __init__(
        self, provider: str, headline: str, path: Sequence[str] = (), *, subsystem: str = "resolution"
    ) -> None:
        self.path = tuple(path)
        super().__init__(subsystem, provider, headline)

    def __str__(self) -> str:
        return "\n".join([f"[{self.subsystem}] {self.provider}: {self.description}", *self._advice()])

    def _drawn_path(self, end: str) -> list[str]:
        return [f"  path: {' -> '.join((*self.path, end))}"] if self.path else []


def _place(required_by: str | None, parameter: str | None) -> list[str]:
    lines = [f"  required by: {required_by}"] if required_by else []
    if parameter:
        called = required_by is None or required_by.endswith("()")
        lines.append(f"  {'parameter' if called else 'attribute'}: {parameter}")

    return lines


class NoSuchBeanError(ResolutionError):
    """Something asks for a bean that nothing provides.

    Attributes:
        bean_type: The type asked for, if it was a type.
        bean_name: The name asked for, if it was a name.
        required_by: The member that asks: ``"OrderService.__init__()"``, ``"OrderService.repo"``,
            ``"Config.method()"``.
        parameter: The parameter or attribute that asks.
        suggestions: Registered names that look alike.
        path: The beans between the outermost request and the missing one.
        not_used: Candidates that were left out at start, as (candidate, reason) pairs.
    """

    def __init__(
        self,
        *,
        bean_type: object = None,
        bean_name: str | None = None,
        required_by: str | None = None,
        parameter: str | None = None,
        suggestions: Iterable[str] | None = None,
        path: Sequence[str] = (),
        not_used: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.bean_type = bean_type
        self.bean_name = bean_name
        self.required_by = required_by
        self.parameter = parameter
        self.suggestions = list(suggestions or ())
        self.not_used = tuple(not_used)
        super().__init__(required_by or "container", self._headline(), path)

    def _headline(self) -> str:
        if self.bean_name is not None:
            of_type = (
                f" with the type '{type_name(self.bean_type)}'" if self.bean_type and self.not_used else ""
            )
            return f"No bean named '{self.bean_name}' is registered{of_type}"

        if self.bean_type is not None:
            return f"No bean of type '{type_name(self.bean_type)}' is registered"

        return "No matching bean is registered"

    @property
    def description(self) -> str:
        lines = [self.reason, *_place(self.required_by, self.parameter)]
        lines += self._drawn_path(f"{self.bean_name or type_name(self.bean_type)} ???")
        if self.suggestions:
            lines.append(f"  similar: {', '.join(self.suggestions)}")

        lines += (f"  not used: {candidate} ({reason})" for candidate, reason in self.not_used)
        return "\n".join(lines)

    @property
    def action(self) -> str:
        return how_to_provide(self.bean_type, self.bean_name, left_out=bool(self.not_used))

    def _facts(self) -> dict[str, Any]:
        names = ("bean_type", "bean_name", "required_by", "parameter", "suggestions", "path", "not_used")
        return {name: getattr(self, name) for name in names}


class NoUniqueBeanError(ResolutionError):
    """Several beans match and nothing says which one to take.

    Attributes:
        bean_type: The type asked for.
        candidates: The classes of the beans that match.
        labels: The same beans as shown to people, names included.
        required_by: The member that asks.
        parameter: The parameter or attribute that asks.
    """

    def __init__(
        self,
        *,
        bean_type: object,
        candidates: Iterable[type],
        required_by: str | None = None,
        parameter: str | None = None,
        labels: Iterable[str] = (),
        path: Sequence[str] = (),
    ) -> None:
        self.bean_type = bean_type
        self.candidates = list(candidates)
        self.labels = tuple(labels) or tuple(type_name(candidate) for candidate in self.candidates)
        self.required_by = required_by
        self.parameter = parameter
        headline = (
            f"{len(self.labels)} beans of type '{type_name(bean_type)}' match: {', '.join(self.labels)}"
        )
        super().__init__(required_by or "container", headline, path)

    @property
    def description(self) -> str:
        lines = [self.reason, *_place(self.required_by, self.parameter)]
        return "\n".join(lines + self._drawn_path(f"{type_name(self.bean_type)} ???"))

    @property
    def action(self) -> str:
        return (
            "Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the\n"
            f'injection point: Annotated[{type_name(self.bean_type)}, Qualifier("name")].'
        )

    def _facts(self) -> dict[str, Any]:
        names = ("bean_type", "candidates", "required_by", "parameter", "labels", "path")
        return {name: getattr(self, name) for name in names}


class BeanCurrentlyInCreationError(ResolutionError):
    """Beans need each other in a circle.

    Attributes:
        chain: The classes along the circle, each once.
        current: The class that closes it.
        steps: How each bean asks for the next one, in words.
    """

    def __init__(self, *, chain: Sequence[type], current: type, steps: Sequence[str] = ()) -> None:
        self.chain = list(chain)
        self.current = current
        self.steps = tuple(steps)
        circle = " -> ".join(type_name(step) for step in (*self.chain, current))
        super().__init__(type_name(current), f"Circular dependency: {circle}", ())

    @property
    def description(self) -> str:
        return "\n".join([self.reason, *(f"  {step}" for step in self.steps)])

    @property
    def action(self) -> str:
        return (
            "Break the circle: take one side as Provider[T] and call it later, set the reference in a\n"
            "@post_construct method, let one @bean factory tie the beans together, or move what they\n"
            "share into a bean of its own."
        )

    def _facts(self) -> dict[str, Any]:
        return {"chain": self.chain, "current": self.current, "steps": self.steps}


class ScopeMismatchError(ResolutionError):
    """A long-lived bean would hold a short-lived one beyond its end.

    Attributes:
        holder: The bean that lives longer, as shown to people.
        held: The bean that ends earlier.
        holder_scope: Name of the longer scope.
        held_scope: Name of the shorter scope.
        required_by: The member of the longer-lived bean that asks.
        parameter: The parameter or attribute that asks.
        advice: What to change.
    """

    def __init__(
        self,
        *,
        holder: str,
        held: str,
        holder_scope: str,
        held_scope: str,
        required_by: str,
        parameter: str | None = None,
        advice: str = "",
        path: Sequence[str] = (),
    ) -> None:
        self.holder = holder
        self.held = held
        self.holder_scope = holder_scope
        self.held_scope = held_scope
        self.required_by = required_by
        self.parameter = parameter
        self.advice = advice or f"Take Provider[{held}] and call it where the bean is used"
        headline = f"{holder} ({holder_scope} scope) would keep {held} ({held_scope} scope) beyond its end"
        super().__init__(required_by, headline, path)

    @property
    def description(self) -> str:
        lines = [self.reason, *_place(self.required_by, self.parameter)]
        return "\n".join(lines + self._drawn_path(self.held))

    @property
    def action(self) -> str:
        return f"{self.advice}, or give {self.holder} the {self.held_scope} scope."

    def _facts(self) -> dict[str, Any]:
        names = ("holder", "held", "holder_scope", "held_scope", "required_by", "parameter", "advice", "path")
        return {name: getattr(self, name) for name in names}


class InjectionPointError(ResolutionError):
    """A parameter or attribute asks for something that no bean can be.

    Attributes:
        required_by: The member that asks.
        parameter: The parameter or attribute, if it is about one.
        advice: What to change.
    """

    _subsystem: ClassVar[str] = "resolution"

    def __init__(
        self,
        *,
        required_by: str,
        parameter: str | None,
        problem: str,
        advice: str,
        path: Sequence[str] = (),
    ) -> None:
        self.required_by = required_by
        self.parameter = parameter
        self.problem = problem
        self.advice = advice
        super().__init__(required_by, problem, path, subsystem=self._subsystem)

    @property
    def description(self) -> str:
        lines = [self.reason, *_place(self.required_by, self.parameter)]
        return "\n".join([*lines, f"  path: {' -> '.join(self.path)}"] if len(self.path) > 1 else lines)

    @property
    def action(self) -> str:
        return self.advice

    def _facts(self) -> dict[str, Any]:
        names = ("required_by", "parameter", "problem", "advice", "path")
        return {name: getattr(self, name) for name in names}


class InjectedValueError(InjectionPointError):
    """A marker such as ``Value`` finds no value for a parameter or attribute, or one that does not fit."""

    _subsystem: ClassVar[str] = "configuration"


class DuplicateBeanNameError(BeanCreationException):
    """Two beans claim one name.

    Attributes:
        name: The name.
        first: The bean that has it.
        second: The bean that wants it too.
    """

    def __init__(self, *, name: str, first: str, second: str) -> None:
        self.name = name
        self.first = first
        self.second = second
        super().__init__(
            "definition",
            second,
            f"the bean name '{name}' is taken by {first}",
            action="Rename one of them, or let the last one win with\n"
            "pyfly.context.allow-bean-definition-overriding: true.",
        )

    def _facts(self) -> dict[str, Any]:
        return {"name": self.name, "first": self.first, "second": self.second}


class WiringError(BeanCreationException):
    """Several things are wrong between the beans; all of them, in one error.

    Attributes:
        problems: One error per finding, in the order of registration.
    """

    def __init__(self, problems: Sequence[BeanCreationException]) -> None:
        self.problems = tuple(problems)
        super().__init__("resolution", "container", f"{len(self.problems)} problems between beans")

    @property
    def description(self) -> str:
        return "\n".join([self.reason, *_numbered(problem.description for problem in self.problems)])

    @property
    def action(self) -> str:
        return "\n".join(_numbered(problem.action for problem in self.problems))

    def __str__(self) -> str:
        return f"[{self.subsystem}] {self.description}\nAction:\n{self.action}"

    def _facts(self) -> dict[str, Any]:
        return {"problems": self.problems}


def _numbered(texts: Iterable[str]) -> Iterator[str]:
    for place, text in enumerate(texts, 1):
        if text:
            yield f"{place}. " + text.replace("\n", "\n   ")
