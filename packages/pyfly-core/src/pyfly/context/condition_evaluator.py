# SPDX-License-Identifier: Apache-2.0
"""Deciding conditions, one after the other, against what is configured and registered at that moment."""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from pyfly.config._module_presence import module_present
from pyfly.config.conversion import parse_bool
from pyfly.config.expression import evaluate
from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.registry import Registration
from pyfly.context._log import log
from pyfly.context.condition_report import ConditionReport

_BEAN_CONDITIONS: Final = frozenset({"on_bean", "on_missing_bean", "on_single_candidate"})
_WEB_FRAMEWORKS: Final = ("starlette", "fastapi")


class Verdict(NamedTuple):
    """The outcome of one condition, in words."""

    condition: str
    matched: bool
    reason: str


def conditions_of(target: object) -> list[Mapping[str, Any]]:
    """Return the conditions that a class or function carries itself."""
    return list(vars(target).get("__pyfly_conditions__", ()))


def names_beans(condition: Mapping[str, Any]) -> bool:
    """Return whether a condition is about other beans, and so has to wait until those are known."""
    return condition["type"] in _BEAN_CONDITIONS


class ConditionEvaluator:
    """Decides the conditions of classes and ``@bean`` methods.

    Args:
        config: Where property and expression conditions look.
        container: Where bean conditions look.
        report: Where every decision is written down.
    """

    def __init__(self, config: Config, container: Container, report: ConditionReport | None = None) -> None:
        self._config = config
        self._container = container
        self._report = ConditionReport() if report is None else report

    def should_include(self, cls: type, *, bean_pass: bool = False) -> bool:
        """Decide the conditions of one pass on a class.

        Args:
            cls: The class.
            bean_pass: The conditions about other beans, rather than all the rest.
        """
        conditions = [it for it in conditions_of(cls) if names_beans(it) is bean_pass]
        return not self.refusals(subject_of(cls), conditions, cls)

    def should_include_method(self, method: Callable[..., Any]) -> bool:
        """Decide all conditions of a ``@bean`` method."""
        function = getattr(method, "__func__", method)
        return not self.refusals(
            f"{function.__module__}.{function.__qualname__}", conditions_of(function), None
        )

    def refusals(
        self, subject: str, conditions: Iterable[Mapping[str, Any]], declaring: type | None
    ) -> list[str]:
        """Decide conditions, write the decisions down, and return why not, if not.

        Args:
            subject: What carries the conditions.
            conditions: The conditions, innermost decorator first.
            declaring: The class that never counts for its own bean conditions.
        """
        refused: list[str] = []
        for condition in conditions:
            verdict = self._decide(condition, declaring, subject)
            self._report.record(subject, verdict.condition, verdict.matched, verdict.reason)
            if not verdict.matched:
                refused.append(f"condition: {verdict.condition}, {verdict.reason}")
                log.debug(
                    "bean_excluded_by_condition",
                    extra={
                        "bean": subject,
                        "condition_type": condition["type"],
                        "condition": verdict.condition,
                    },
                )

        return refused

    def _decide(self, condition: Mapping[str, Any], declaring: type | None, subject: str) -> Verdict:
        kind = condition["type"]
        if kind in _BEAN_CONDITIONS:
            return self._about_beans(kind, condition["bean_type"], declaring)

        decide = self._DECISIONS.get(kind)
        if decide is None:
            log.warning("unknown_condition_type", extra={"condition_type": kind, "bean": subject})
            return Verdict(str(kind), True, "unknown conditions count as matched")

        return decide(self, condition)

    def _on_property(self, condition: Mapping[str, Any]) -> Verdict:
        key, wanted = condition["key"], condition["having_value"]
        text = f"property {key} = {wanted}" if wanted else f"property {key}"
        value = self._config.get(key)
        if value is None:
            return Verdict(text, condition["match_if_missing"], "not set")

        found = str(value).strip()
        return Verdict(text, _has_value(found.lower(), str(wanted).strip().lower()), f'found "{found}"')

    def _on_class(self, condition: Mapping[str, Any]) -> Verdict:
        present = bool(condition["check"]())
        return Verdict(f"module {condition['module_name']}", present, "found" if present else "not installed")

    def _on_expression(self, condition: Mapping[str, Any]) -> Verdict:
        value = evaluate(condition["expression"], self._config)
        return Verdict(f"expression {condition['expression']}", bool(value), f"gives {value!r}")

    def _on_resource(self, condition: Mapping[str, Any]) -> Verdict:
        exists = os.path.exists(condition["path"])
        return Verdict(f"resource {condition['path']}", exists, "found" if exists else "does not exist")

    def _on_web_application(self, condition: Mapping[str, Any]) -> Verdict:
        found = [name for name in _WEB_FRAMEWORKS if module_present(name)]
        reason = f"found {found[0]}" if found else f"none of {', '.join(_WEB_FRAMEWORKS)} is installed"
        return Verdict("web application", bool(found), reason)

    _DECISIONS: ClassVar[dict[str, Callable[["ConditionEvaluator", Mapping[str, Any]], Verdict]]] = {
        "on_property": _on_property,
        "on_class": _on_class,
        "on_expression": _on_expression,
        "on_resource": _on_resource,
        "on_web_application": _on_web_application,
    }

    def _about_beans(self, kind: str, bean_type: type, declaring: type | None) -> Verdict:
        found = [it for it in self._container.registrations_of(bean_type) if it.impl_type is not declaring]
        reason = f"found {', '.join(it.label for it in found)}" if found else "found none"
        if kind == "on_bean":
            return Verdict(f"bean {bean_type.__name__}", bool(found), reason)

        if kind == "on_missing_bean":
            return Verdict(f"no bean {bean_type.__name__}", not found, reason)

        return Verdict(f"single candidate {bean_type.__name__}", _one_stands_out(found), reason)


def subject_of(cls: type, method: str = "") -> str:
    """Return how the report names a class, or a ``@bean`` method of it."""
    return f"{cls.__module__}.{cls.__qualname__}{'#' if method else ''}{method}"


def _has_value(found: str, wanted: str) -> bool:
    if not wanted:
        return _truth(found) is not False

    return found == wanted or (wanted in ("true", "false") and _truth(found) is parse_bool(wanted))


def _truth(text: str) -> bool | None:
    try:
        return parse_bool(text)
    except ValueError:
        return None


def _one_stands_out(found: list[Registration]) -> bool:
    return len(found) == 1 or sum(it.primary for it in found) == 1
