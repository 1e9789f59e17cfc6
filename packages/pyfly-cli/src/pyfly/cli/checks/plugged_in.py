# SPDX-License-Identifier: Apache-2.0
"""The checks that other distributions bring through entry-point group ``pyfly.cli_checks``."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint

from pyfly.cli.checks.deadline import Deadlined
from pyfly.cli.checks.result import CHECKS_GROUP, CheckResult
from pyfly.config.store import Config
from pyfly.kernel.entry_points import entry_points_of


def check_plugged_in(config: Config, seconds: float) -> Iterator[CheckResult]:
    """Run the checks of other distributions, one after the other.

    Args:
        config: The configuration.
        seconds: How long each of them may take.
    """
    for entry in entry_points_of(CHECKS_GROUP):
        yield from _run(entry, config, seconds)


def _run(entry: EntryPoint, config: Config, seconds: float) -> list[CheckResult]:
    owner = entry.dist.name if entry.dist else "an unknown distribution"
    advice = f"Tell the authors of {owner}; the other checks do not depend on it."

    def work() -> list[object]:
        return list(entry.load()(config))

    try:
        results = Deadlined(work).result(seconds)
    except TimeoutError as error:
        longer = "Look whether what it waits for is there, or give it longer (--timeout)."
        return [CheckResult(entry.name, "failure", f"{error} (check of {owner})", longer)]
    except (Exception, SystemExit) as error:
        message = f"the check of {owner} raised {type(error).__name__}: {error}"
        return [CheckResult(entry.name, "failure", message, advice)]

    sound = [result for result in results if isinstance(result, CheckResult)]
    if len(sound) < len(results):
        message = f"the check of {owner} gave something that is no CheckResult"
        sound.append(CheckResult(entry.name, "failure", message, advice))

    return sound
