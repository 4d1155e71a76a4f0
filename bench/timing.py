"""Running contenders in turn and keeping what they cost."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What one contender needed.

    Attributes:
        seconds: wall time of each run.
        parts: parts of a run -> seconds of each run.
        megabytes: peak resident memory of each run, or empty.
        processor: processor seconds of each run, or empty; those of a server are not in it.
        found: what the last run found.
    """

    seconds: tuple[float, ...]
    parts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    megabytes: tuple[float, ...] = ()
    found: dict[str, Any] = field(default_factory=dict)
    processor: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """Median wall time in seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """Largest peak memory in megabytes."""
        return max(self.megabytes)

    def only(self, part: str) -> Cost:
        """The cost of one part."""
        return Cost(self.parts[part], megabytes=self.megabytes, found=self.found)

    def of_processor(self) -> Cost:
        """The processor time, which other work on the machine changes little."""
        return Cost(self.processor, found=self.found)

    def without(self, *parts: str) -> Cost:
        """The cost of the other parts."""
        rest = [values for part, values in self.parts.items() if part not in parts]
        return Cost(tuple(map(sum, zip(*rest, strict=True))), found=self.found)


def processes(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Cost]:
    """Run each command as a process of its own, taking turns, after one run that does not count.

    Args:
        commands: name -> a program with its arguments, or arguments for this Python; each prints
            the line of :class:`~.child.Clock`.
        runs: how often each is counted.

    Raises:
        RuntimeError: one of them failed.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    processor: dict[str, list[float]] = {name: [] for name in commands}
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, arguments in commands.items():
            used, start = _processor(), time.perf_counter()
            line = process(arguments)
            if turn:
                seconds[name].append(time.perf_counter() - start)
                processor[name].append(_processor() - used)
                told[name].append(line)
    return {
        name: Cost(
            tuple(seconds[name]),
            {part: tuple(t["parts"][part] for t in lines) for part in lines[-1]["parts"]},
            tuple(t["megabytes"] for t in lines),
            lines[-1]["found"],
            tuple(processor[name]),
        )
        for name, lines in told.items()
    }


def _processor() -> float:
    """Processor seconds of all children that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process(arguments: Sequence[str]) -> dict[str, Any]:
    """Run a program, or this Python with arguments; return the JSON object of its last line.

    Raises:
        RuntimeError: it failed.
    """
    # Installed packages are compiled; the run that does not count compiles a checkout's.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, *arguments] if arguments[0].startswith("-") else arguments,
        stdout=subprocess.PIPE,
        check=False,
        env=environment,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}")
    return json.loads(done.stdout.splitlines()[-1])


def calls(
    contenders: Mapping[str, Callable[[], object]], runs: int, before: Callable[[], object] = int
) -> dict[str, Cost]:
    """Call functions in turn, after one call each that does not count.

    Args:
        contenders: name -> what is measured.
        runs: how often each is counted.
        before: called before each of them, not measured.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(runs + 1):
        for name, call in contenders.items():
            before()
            start = time.perf_counter()
            call()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: Cost(tuple(values)) for name, values in seconds.items()}
