"""The permission matrix as data: a letter for each role in the order of ``ROLES``.

2 page · L to the sign-in page · 3 forbidden with the reason · 4 does not exist for this user ·
5 method not allowed · X or B allowed but the (empty) form is refused · U not signed in (API) · S done.
"""

from typing import NamedTuple

ROLES = (
    "anon",
    "secretary",
    "deputy",
    "member",
    "secretary_beta",
    "politics",
    "director",
    "leader",
    "discipline",
    "corps_politics",
    "sysadmin",
    "secadmin",
    "auditadmin",
)


class Row(NamedTuple):
    """A route, the record it is asked about, and the answers to GET and POST."""

    route: str
    about: str
    get: str
    post: str


OPEN_TO_ALL = {"core:healthz", "core:readyz"}
ROWS: tuple[Row, ...] = ()
