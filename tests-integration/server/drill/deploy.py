# SPDX-License-Identifier: Apache-2.0
"""The drills: instances that are replaced one by one, and workers that are replaced inside one instance."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import uvloop

from drill.findings import Findings
from drill.instance import Command, Instance, InstanceFailedError
from drill.load import Load
from drill.losses import Sightings

CONNECTIONS = 64
ANSWERS = 300
"""How many answers there are between two events."""
_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.005


class StuckError(Exception):
    """What a drill waits for does not happen."""


def run(drill: Coroutine[Any, Any, Findings]) -> Findings:
    """Run a drill in an event loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(drill)


async def drill_restarts(
    title: str, command: Command, folder: Path, *, restarts: int, graceful_timeout: float
) -> Findings:
    """Restart one of two instances at a time under load.

    Args:
        title: What is drilled.
        command: What starts an instance.
        folder: Where the instances write.
        restarts: How often one is restarted.
        graceful_timeout: Seconds that a stop may take.
    """
    async with _instances(("the first", "the second"), command, folder) as both:
        load = Load(both, connections=CONNECTIONS)
        findings = Findings(title, load.sightings, graceful_timeout)
        if not await _start_all(both, findings):
            return findings

        begin = monotonic()
        async with load.running() as seen:
            try:
                for number in range(restarts):
                    await _until_each_answers(both, seen)
                    leaving = both[number % 2]
                    findings.stops.append(await leaving.stop(graceful_timeout))
                    await leaving.start()
            except (InstanceFailedError, StuckError) as error:
                findings.faults.append(str(error))

        findings.seconds = monotonic() - begin
        await _stop_all(both, findings)
        return findings


async def drill_reloads(
    title: str, command: Command, folder: Path, *, reloads: int, graceful_timeout: float
) -> Findings:
    """Replace all workers of one instance under load, with SIGHUP.

    Args:
        title: What is drilled.
        command: What starts the instance.
        folder: Where it writes.
        reloads: How often the workers are replaced.
        graceful_timeout: Seconds that a stop may take.
    """
    async with _instances(("the instance",), command, folder) as (instance,):
        load = Load([instance], connections=CONNECTIONS)
        findings = Findings(title, load.sightings, graceful_timeout)
        if not await _start_all([instance], findings):
            return findings

        begin = monotonic()
        async with load.running() as seen:
            try:
                for _ in range(reloads):
                    await _until_each_answers([instance], seen)
                    old = set(seen.workers)
                    instance.reload()
                    await _until_gone(old)
                    seen.workers.clear()
                    findings.reloads += 1

                await _until_each_answers([instance], seen)
            except StuckError as error:
                findings.faults.append(str(error))

        findings.seconds = monotonic() - begin
        await _stop_all([instance], findings)
        return findings


@asynccontextmanager
async def _instances(names: Sequence[str], command: Command, folder: Path) -> AsyncIterator[list[Instance]]:
    made = [Instance(name, _free_port(), command, folder / f"{name}.log") for name in names]
    try:
        yield made
    finally:
        for instance in made:
            await instance.kill()


async def _start_all(instances: Iterable[Instance], findings: Findings) -> bool:
    for instance in instances:
        try:
            await instance.start()
        except InstanceFailedError as error:
            findings.faults.append(str(error))
            findings.outputs[instance.name] = instance.output()
            return False

    return True


async def _stop_all(instances: Iterable[Instance], findings: Findings) -> None:
    for instance in instances:
        if instance.is_alive():
            findings.stops.append(await instance.stop(findings.allowed_seconds))
        else:
            findings.faults.append(f"{instance.name} has ended by itself")

        findings.outputs[instance.name] = instance.output()


async def _until_each_answers(instances: Iterable[Instance], seen: Sightings) -> None:
    wanted = Counter({it.name: seen.answers[it.name] + ANSWERS for it in instances})
    await _until(lambda: seen.answers >= wanted, f"{ANSWERS} more answers of each instance")


async def _until_gone(workers: Collection[int]) -> None:
    await _until(lambda: not any(map(_is_alive, workers)), f"the end of the workers {workers}")


async def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = monotonic() + _WAIT_SECONDS
    while not condition():
        if monotonic() > deadline:
            raise StuckError(f"waited {_WAIT_SECONDS:g} s for {what}")

        await asyncio.sleep(_POLL_SECONDS)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False

    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
