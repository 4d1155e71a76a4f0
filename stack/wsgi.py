"""CKAN as a WSGI application, for gunicorn.

Each worker process loads it after it was forked (no ``preload_app``): a thread pool started in
the parent, as that of polars, would not survive the fork.
"""

from __future__ import annotations

import os

from ckan.cli import load_config
from ckan.config.middleware import make_app

application = make_app(load_config(os.environ["CKAN_INI"]))
