"""Shipped YAML files, kept as JSON where Python keeps its compiled modules.

Reading YAML takes longer than all else a new process does with the rules. What a file holds is
therefore kept beside the compiled modules of this folder (in ``__pycache__``, or wherever
``PYTHONPYCACHEPREFIX`` says), under the same conditions: whoever may write there may change our
code as well, nothing is written under ``PYTHONDONTWRITEBYTECODE``, and where nothing can be
written all works as well, only slower. What is kept names the digest of the file it was made of
and its own; if either is another, it is made again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Raised when what is kept changes its form.
_FORM = "1"


def document(path: Path) -> Any:
    """What a YAML file holds.

    Args:
        path: a file of ours; what is kept of it is trusted as much as our modules are.

    Raises:
        OSError: the file cannot be read.
        RuleError: it is not YAML.
    """
    text = path.read_bytes()
    key = f"{_FORM} {_digest(text)}"
    kept = Path(importlib.util.cache_from_source(str(path))).with_suffix(".json")
    with suppress(OSError, ValueError):
        head, body = kept.read_bytes().split(b"\n", 1)
        if head.decode() == f"{key} {_digest(body)}":
            return json.loads(body)
    from ..consistency.rules import read_yaml

    data = read_yaml(text.decode("utf-8"), path.name)
    if not sys.dont_write_bytecode:
        _keep(kept, key, data)
    return data


def _keep(path: Path, key: str, data: Any) -> None:
    """Write at once or not at all; several processes may do so."""
    try:
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    except TypeError:
        return
    # A key that is a number would come back as a text.
    if json.loads(body) != data:
        return
    content = body.encode()
    part = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(f"{key} {_digest(content)}\n".encode() + content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
