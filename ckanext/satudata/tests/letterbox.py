"""A real SMTP server that keeps what it is given."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class Letterbox:
    """What has arrived.

    Attributes:
        address: ``host:port`` of the server, for ``smtp.server``.
    """

    def __init__(self) -> None:
        self.address = ""
        self._kept: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a letter; aiosmtpd calls this."""
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self._kept.append((list(envelope.rcpt_tos), message))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Letters to one address, in the order in which they came."""
        return [message for recipients, message in self._kept if address in recipients]

    def everything(self) -> list[tuple[list[str], EmailMessage]]:
        """All letters with their recipients."""
        return list(self._kept)


@contextmanager
def open_letterbox() -> Iterator[Letterbox]:
    """A server on a free port of this machine."""
    box = Letterbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.address = f"127.0.0.1:{port}"
    try:
        yield box
    finally:
        controller.stop()
