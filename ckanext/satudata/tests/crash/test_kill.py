"""Kill -9 of the web process at every step: afterwards a change is done or never happened."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.tests.worlds import KECAMATAN, Table, agency
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .matrix import kills
from .portal import Portal, Seen, seen, token, violations

OLD = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
NEW = {**OLD, "61.05.01": 7.0}


class Scene:
    """A dataset, and what is done to it."""

    def __init__(self, portal: Portal, operation: str) -> None:
        self._portal = portal
        self._operation = operation
        body = agency("uji-mati")
        self._token = token(body.user)
        self._code = new_indicator(producer_org=body.id)
        dataset = body.draft()
        resource = body.add(dataset["id"], Table(self._code, OLD))
        if operation != "publish":
            body.publish(dataset["id"])
        self.dataset: str = dataset["id"]
        self._resource: str = resource["id"]

    def act(self) -> Any:
        """Do it; None if the server ended before it answered."""
        if self._operation == "publish":
            return self._call("package_patch", id=self.dataset, state="active")
        if self._operation == "hide":
            return self._call("package_patch", id=self.dataset, private=True)
        if self._operation == "delete":
            return self._call("package_delete", id=self.dataset)
        file = Table(self._code, NEW)
        upload = {"upload": (file.filename, file.content())}
        return self._call("resource_patch", files=upload, id=self._resource)

    def is_done(self, now: Seen) -> bool:
        """Whether the change happened, as anybody sees."""
        if self._operation == "publish":
            return now.found
        if self._operation == "replace":
            return now.figures["61.05.01", "2025"] == {NEW["61.05.01"]}
        return not now.found

    def _call(self, action: str, **data: Any) -> Any:
        return self._portal.call(action, self._token, **data)


@pytest.mark.parametrize(("operation", "point", "done"), list(kills()))
def test_kill(server: Portal, operation: str, point: str, done: bool) -> None:
    scene = Scene(server, operation)
    before = seen(server, scene.dataset)
    server.order(point)
    answer = scene.act()
    assert not server.orders.exists(), f"{point} was not reached: {answer and answer.text}"
    assert answer is None, answer.text
    after = seen(server, scene.dataset)
    assert violations(scene.dataset) == []
    if done:
        assert scene.is_done(after)
        return
    assert after == before
    again = scene.act()
    assert again is not None, server.tail()
    assert again.ok, again.text
    assert scene.is_done(seen(server, scene.dataset))
    assert violations(scene.dataset) == []
