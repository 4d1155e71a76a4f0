"""Fetch what a person's URL points to, without being led into the portal's own network.

A portal fetches addresses that its users type in: links to files, addresses of schemas. Whoever
types ``http://169.254.169.254/`` or a name that resolves to ``10.0.0.5`` would otherwise make the
portal read the operator's network for him (server-side request forgery, OWASP A10:2021). Here

* only http and https are spoken, and no user name or password may stand in the URL;
* a name is resolved once per connection, *every* address it resolves to is checked, and the
  connection goes to the checked address itself: there is no second look-up that a rebinding name
  server could answer differently. TLS still verifies the name;
* each redirect is a connection of its own and passes the same check;
* the body lands in a temporary file with a limit on its (decoded) size, and one deadline covers
  everything from the first connection to the last byte.

What fails is a :class:`FetchError` with a stable ``code``; nothing of CKAN is imported here.
"""

from .addresses import check_url, is_public
from .errors import FetchError
from .session import Fetched, SafeSession, fetch, safe_session

__all__ = [
    "FetchError",
    "Fetched",
    "SafeSession",
    "check_url",
    "fetch",
    "is_public",
    "safe_session",
]
