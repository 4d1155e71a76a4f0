"""Settings of the web server; what each is called is gunicorn's own."""

from __future__ import annotations

import gc
import os

bind = os.environ["WEB_BIND"]
worker_class = "gthread"
workers = 2
# With few threads, readers queue behind publications as long as those last; with many, all share
# the processor, and who wants little has it soon (docs/speed.md). Each thread may need two
# connections to the database: sqlalchemy.pool_size and max_overflow in ckan.ini follow from it.
threads = 12
# An upload that the gate compares with a million rows takes longer than gunicorn's usual 30 s.
timeout = 180
# honcho gives its processes five seconds to end.
graceful_timeout = 4
# Longer than proxies in front of it keep theirs (nginx: 60 s). Whoever closes an idle connection
# may meet a request that is on its way, and its sender only knows that the connection was reset.
keepalive = 75
# Heartbeats on a disk can stall the workers.
worker_tmp_dir = "/dev/shm"  # noqa: S108  (gunicorn makes files without a name in it)
# Let a worker go now and then, so that memory a large file took is given back.
max_requests = 2000
max_requests_jitter = 200
control_socket_disable = True
raw_env = [
    # polars' allocator otherwise keeps what it freed: a large upload's memory, for good.
    "_RJEM_MALLOC_CONF=dirty_decay_ms:0,muzzy_decay_ms:0",
    # Requests share the processors already. Handing the small tables of most uploads from thread
    # to thread takes longer than reading them, above all where many wait.
    "POLARS_MAX_THREADS=1",
    # numpy's library of linear algebra, of which nothing here is used, otherwise begins by starting
    # a thread for each processor.
    "OPENBLAS_NUM_THREADS=1",
]


def post_worker_init(worker: object) -> None:
    """Spare Python's search for cycles what was loaded, which stays as long as the worker.

    Otherwise requests wait now and then while all of CKAN is looked through, and so does the end.
    """
    gc.freeze()
