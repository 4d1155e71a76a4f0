"""Choose free TCP ports of the loopback interface, one for each name given.

Prints ``NAME=PORT`` lines. The ports lie below the range the kernel gives to outgoing
connections and are drawn at random, so that two checkouts starting at the same moment do not
choose alike; all are held open until every one is chosen.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import sys

LOWEST, HIGHEST = 20_000, 32_000


def choose(names: list[str]) -> dict[str, int]:
    """Bind one free port for each name and let them go together.

    Args:
        names: Variable names the ports are for.

    Returns:
        A port number for each name, all different.
    """
    ports: dict[str, int] = {}
    with contextlib.ExitStack() as held:
        for name in names:
            while name not in ports:
                candidate = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
                probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                with contextlib.suppress(OSError):
                    probe.bind(("127.0.0.1", candidate))
                    ports[name] = candidate
    return ports


if __name__ == "__main__":
    for variable, port in choose(sys.argv[1:]).items():
        print(f"{variable}={port}")
