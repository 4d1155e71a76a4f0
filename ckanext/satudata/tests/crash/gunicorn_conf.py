"""gunicorn for tests that kill its worker: CKAN is loaded once, a new worker is there at once."""

from __future__ import annotations

preload_app = True
worker_class = "gthread"
timeout = 120
control_socket_disable = True

#: What each worker process says when it starts.
STARTED = "a worker starts"


def post_fork(server, worker):
    """Let the worker open connections of its own; the master's are the master's."""
    from ckan import model

    from ckanext.datastore.backend import postgres

    for engine in (model.ensure_engine(), *postgres._engines.values()):
        engine.dispose(close=False)
    model.Session.remove()
    # CKAN's logging silences gunicorn's own.
    print(STARTED, flush=True)
