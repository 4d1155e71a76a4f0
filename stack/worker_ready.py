"""Exit with 0 if a job worker of this machine is registered and alive, else with 1.

Usage: ``python worker_ready.py REDIS_URL``. A worker that was killed stays registered for some
minutes; that is why its process is looked at, too.
"""

from __future__ import annotations

import os
import socket
import sys

import redis
import rq


def worker_lives(url: str) -> bool:
    """Whether any registered worker runs on this machine.

    Args:
        url: Redis URL with the database CKAN uses.

    Returns:
        False as well where Redis does not answer.
    """
    try:
        workers = rq.Worker.all(connection=redis.Redis.from_url(url))
    except redis.RedisError:
        return False
    return any(
        worker.hostname == socket.gethostname() and os.path.exists(f"/proc/{worker.pid}")
        for worker in workers
    )


if __name__ == "__main__":
    sys.exit(0 if worker_lives(sys.argv[1]) else 1)
