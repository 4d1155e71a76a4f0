"""Forms that anybody can send: what keeps programs out, and one person from flooding the portal.

Nothing here knows what a form is about. Addresses of people are never written down: the counters in
Redis know keyed hashes of them.
"""

from __future__ import annotations

from .gate import Guarded, attempt, guard, letter_to, paced, passed
from .limits import TooMany, Unavailable

__all__ = ["Guarded", "TooMany", "Unavailable", "attempt", "guard", "letter_to", "paced", "passed"]
