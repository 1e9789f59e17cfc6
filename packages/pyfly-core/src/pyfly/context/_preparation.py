# SPDX-License-Identifier: Apache-2.0
"""Everything about a start that is decided before the first bean is made."""

from collections.abc import Iterable
from functools import partial

from pyfly.config.auto import discover_auto_configurations
from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException, WiringError
from pyfly.container.registry import Registration
from pyfly.container.types import Scope
from pyfly.context._configuration_check import ConfigurationCheck
from pyfly.context._hooks import hooks_of
from pyfly.context._selection import Selection
from pyfly.context._settings import read_shutdown_timeout, switched_on
from pyfly.context.condition_report import ConditionReport
from pyfly.context.environment import Environment
from pyfly.context.exceptions import StartupError
from pyfly.context.post_processor import is_post_processor
from pyfly.context.refresh import ContextRefresher

_LAZILY = "pyfly.context.lazy-initialization"
_SELECTING = ("__pyfly_conditions__", "__pyfly_profile__", "__pyfly_config_prefix__")


class Preparation:
    """Select the beans and check them, once; a failure is remembered.

    Attributes:
        bound_classes: How many beans are made by binding settings.
    """

    def __init__(
        self,
        config: Config,
        container: Container,
        environment: Environment,
        report: ConditionReport,
        refresher: ContextRefresher,
        *,
        check_keys: bool,
    ) -> None:
        self._config = config
        self._container = container
        self._report = report
        self._refresher = refresher
        self._check = ConfigurationCheck(config, container, keys=check_keys)
        self._selection = Selection(config, container, environment, report)
        self._failure: BaseException | None = None
        self._selected: set[Registration] | None = None

    @property
    def bound_classes(self) -> int:
        return len(self._selection.bindable)

    def run(self) -> None:
        """Decide everything at the first call; later ones only see to it that nothing has slipped past.

        Raises:
            BeanCreationException: Something is wrong, or was at the first call.
        """
        if self._failure is not None:
            raise self._failure

        if self._selected is not None:
            self._refuse_newcomers(self._selected)
            return

        try:
            self._decide()
        except BeanCreationException as error:
            self._failure = error
            raise
        except Exception as error:
            self._failure = StartupError(error)
            raise self._failure from error
        except BaseException as error:
            # Half of the conditions are decided: going on from there would decide them twice.
            self._failure = error
            raise

        self._selected = set(self._container.registrations())

    def eager(self) -> list[Registration]:
        """Return the singletons that the start has to make, in their order."""
        waiting = [
            it
            for it in self._container.registrations()
            if it.scope is Scope.SINGLETON and not it.lazy and not it.created
        ]
        return sorted(waiting, key=lambda it: (min(hooks_of(it.impl_type).phase, 0), it.order))

    def _decide(self) -> None:
        selection, check = self._selection, self._check
        discovered = list(self._discover())
        check.begin(discovered)
        selection.run(discovered)
        lazily = switched_on(self._config, _LAZILY)
        if lazily:
            self._make_lazy()

        selection.bound = check.run(selection.bindable)
        self._refresher.add_check(partial(check.repeat, selection.bindable))
        read_shutdown_timeout(self._config)
        self._check_graph(lazily)

    def _discover(self) -> Iterable[type]:
        exclude = self._config.get("pyfly.autoconfigure.exclude", ())
        names = [name.strip() for name in exclude.split(",")] if isinstance(exclude, str) else list(exclude)
        chosen = [name for name in names if name]
        for name in chosen:
            self._report.exclude(name, "pyfly.autoconfigure.exclude")

        return discover_auto_configurations(exclude=chosen)

    def _make_lazy(self) -> None:
        for definition in self._container.registrations():
            cls = definition.impl_type
            if definition.scope is Scope.SINGLETON and not definition.created:
                definition.lazy |= not hooks_of(cls).lifecycle and not is_post_processor(cls)

    def _check_graph(self, lazily: bool) -> None:
        checked = [it for it in self._container.registrations() if lazily or not it.lazy]
        problems = self._container.check(checked)
        if problems:
            raise problems[0] if len(problems) == 1 else WiringError(problems)

    def _refuse_newcomers(self, selected: set[Registration]) -> None:
        newcomers = [it for it in self._container.registrations() if it not in selected and _is_selected(it)]
        if newcomers:
            raise BeanCreationException(
                "startup",
                ", ".join(it.label for it in newcomers),
                "registered after the context was prepared: its conditions were not looked at",
                action="Register it before prepare() is called.",
            )


def _is_selected(definition: Registration) -> bool:
    """Tell whether the selection does more with a definition than to let it in."""
    if definition.ready_made or definition.method is not None:
        return False

    markers = vars(definition.impl_type)
    return (
        definition.condition is not None
        or markers.get("__pyfly_stereotype__") == "configuration"
        or any(markers.get(name) for name in _SELECTING)
    )
