"""Running commands in turn and keeping what they cost."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What one contender needed.

    Attributes:
        seconds: wall time of each run.
        megabytes: peak resident memory of each run, or empty.
        result: what the last run printed.
    """

    seconds: tuple[float, ...]
    megabytes: tuple[float, ...]
    result: Mapping[str, object]

    @property
    def median(self) -> float:
        """Median wall time in seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float | None:
        """Largest peak memory in megabytes."""
        return max(self.megabytes, default=None)


def processes(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Cost]:
    """Run each command as a process of its own, taking turns, after one run that does not count.

    Args:
        commands: name -> arguments for this Python; each prints one JSON object as last line.
        runs: how often each is counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, list[float]] = {name: [] for name in commands}
    results: dict[str, Mapping[str, object]] = {}
    for turn in range(runs + 1):
        for name, arguments in commands.items():
            took, peak, results[name] = _process(arguments)
            if turn:
                seconds[name].append(took)
                memory[name].append(peak)
    return {n: Cost(tuple(seconds[n]), tuple(memory[n]), results[n]) for n in commands}


def calls(contenders: Mapping[str, Callable[[], object]], runs: int) -> dict[str, Cost]:
    """Call functions in turn, after one call each that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(runs + 1):
        for name, call in contenders.items():
            start = time.perf_counter()
            call()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return {name: Cost(tuple(values), (), {}) for name, values in seconds.items()}


def _process(arguments: Sequence[str]) -> tuple[float, float, Mapping[str, object]]:
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    return took, usage.ru_maxrss / 1024, json.loads(output.splitlines()[-1])
