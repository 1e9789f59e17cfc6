# SPDX-License-Identifier: Apache-2.0
"""Which definitions take part: profiles, conditions and configurations, decided one by one."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.exceptions import InjectionPointError
from pyfly.container.registry import Registration
from pyfly.context._auto_configurations import in_order
from pyfly.context._bean_methods import bean_methods, definition_of
from pyfly.context._configuration_check import binding_failure
from pyfly.context._log import log
from pyfly.context.condition_evaluator import ConditionEvaluator, conditions_of, names_beans, subject_of
from pyfly.context.condition_report import ConditionReport
from pyfly.context.environment import Environment


class Selection:
    """Turns what is registered and installed into the definitions that the application will have.

    Attributes:
        bindable: The definitions that are made by binding settings.
        bound: What was bound for them already, by class, until it is used.
    """

    def __init__(
        self, config: Config, container: Container, environment: Environment, report: ConditionReport
    ) -> None:
        self._config = config
        self._container = container
        self._environment = environment
        self._report = report
        self._evaluator = ConditionEvaluator(config, container, report)
        self._asked_for: list[tuple[str, type]] = []
        self.bindable: list[Registration] = []
        self.bound: dict[type, Any] = {}

    def run(self, auto_configurations: Iterable[type]) -> None:
        """Decide everything, in the order that the guide of the context gives."""
        for definition in self._user_definitions():
            self._apply_profile(definition)

        for definition in self._user_definitions():
            self._apply_early_conditions(definition)

        self.bind_config_properties()
        waiting = [it for it in self._user_definitions() if _bean_conditions(it.impl_type)]
        for definition in self._configurations():
            if definition not in waiting:
                self._add_bean_methods(definition)

        for definition in sorted(waiting, key=lambda it: it.order):
            self._apply_bean_conditions(definition)

        mine = set(self._container.registrations())
        for cls in in_order(auto_configurations):
            self._apply_auto_configuration(cls)

        self.bind_config_properties()
        self._warn_of_late_beans(mine)

    def _user_definitions(self) -> list[Registration]:
        return [it for it in self._container.registrations() if it.method is None and not it.ready_made]

    def _configurations(self) -> list[Registration]:
        found = [it for it in self._user_definitions() if _is_configuration(it.impl_type)]
        return sorted(found, key=lambda it: it.order)

    def _apply_profile(self, definition: Registration) -> None:
        profile = vars(definition.impl_type).get("__pyfly_profile__", "")
        refusal = self._profile_refusal(profile, subject_of(definition.impl_type))
        if refusal:
            self._container.discard(definition, refusal)

    def _profile_refusal(self, profile: str, subject: str) -> str:
        if not profile:
            return ""

        matched = self._environment.accepts_declared_profile(profile, subject)
        active = ", ".join(self._environment.active_profiles) or "default"
        self._report.record(subject, f"profile {profile}", matched, f"active: {active}")
        return "" if matched else f"profile: needs {profile}, active: {active}"

    def _apply_early_conditions(self, definition: Registration) -> None:
        cls = definition.impl_type
        early = [it for it in conditions_of(cls) if not names_beans(it)]
        refusals = self._evaluator.refusals(subject_of(cls), early, cls)
        if definition.condition is not None:
            matched = bool(definition.condition())
            self._report.record(subject_of(cls), "condition()", matched, f"gives {matched}")
            refusals += [] if matched else ["condition: condition() gives False"]

        if refusals:
            self._container.discard(definition, "; ".join(refusals))

    def _apply_bean_conditions(self, definition: Registration) -> None:
        cls = definition.impl_type
        conditions = _bean_conditions(cls)
        self._asked_for += [(subject_of(cls), it["bean_type"]) for it in conditions]
        refusals = self._evaluator.refusals(subject_of(cls), conditions, cls)
        if refusals:
            self._container.discard(definition, "; ".join(refusals))
        elif _is_configuration(cls):
            self._add_bean_methods(definition)

    def _apply_auto_configuration(self, cls: type) -> None:
        if self._container.contains_type(cls):
            return

        subject = subject_of(cls)
        profile = self._profile_refusal(vars(cls).get("__pyfly_profile__", ""), subject)
        conditions = conditions_of(cls)
        if not conditions and not profile:
            self._report.unconditional(subject)

        refusals = [profile] if profile else self._evaluator.refusals(subject, conditions, cls)
        if refusals:
            self._leave_out_products(cls, f"{cls.__name__}, {'; '.join(refusals)}")
            return

        self._container.register(cls)
        definition = self._container.get_registration(cls)
        assert definition is not None
        self._add_bean_methods(definition)

    def _leave_out_products(self, cls: type, reason: str) -> None:
        owner = Registration(cls)
        for name, function in bean_methods(cls):
            self._leave_out(owner, name, function, reason)

    def _leave_out(self, owner: Registration, name: str, function: Callable[..., Any], reason: str) -> None:
        try:
            product = definition_of(owner, name, function)
        except InjectionPointError:
            # What takes no part may well name the types of a library that is not installed.
            return

        if product is not None:
            self._container.leave_out(product.types, product.label, reason)

    def _add_bean_methods(self, owner: Registration) -> None:
        for name, function in bean_methods(owner.impl_type):
            subject = subject_of(owner.impl_type, name)
            profile = self._profile_refusal(getattr(function, "__pyfly_profile__", ""), subject)
            conditions = conditions_of(function)
            if not conditions and not profile:
                self._report.unconditional(subject)

            refusals = (
                [profile] if profile else self._evaluator.refusals(subject, conditions, owner.impl_type)
            )
            if refusals:
                self._leave_out(owner, name, function, "; ".join(refusals))
                continue

            product = definition_of(owner, name, function)
            if product is None:
                continue

            self._container.add(product)
            for kind in product.types:
                self._container.bind_ports_of(kind)

    def bind_config_properties(self) -> None:
        """Let every ``@config_properties`` bean be made by binding it."""
        for definition in self._user_definitions():
            cls = definition.impl_type
            if "__pyfly_config_prefix__" in vars(cls) and definition.factory is None:
                definition.factory = self._binder(cls)
                self.bindable.append(definition)

    def _binder(self, cls: type) -> Callable[[], Any]:
        def bind() -> Any:
            if cls in self.bound:
                return self.bound.pop(cls)

            try:
                return self._config.bind(cls)
            except ValueError as error:
                raise binding_failure(cls, error) from error

        return bind

    def _warn_of_late_beans(self, mine: set[Registration]) -> None:
        for subject, bean_type in self._asked_for:
            late = [it.label for it in self._container.registrations_of(bean_type) if it not in mine]
            if late:
                log.warning(
                    "bean_condition_ignores_auto_configuration",
                    extra={
                        "bean": subject,
                        "condition": bean_type.__name__,
                        "provided_later_by": ", ".join(late),
                    },
                )


def _is_configuration(cls: type) -> bool:
    return bool(vars(cls).get("__pyfly_stereotype__") == "configuration")


def _bean_conditions(cls: type) -> list[Mapping[str, Any]]:
    return [it for it in conditions_of(cls) if names_beans(it)]
