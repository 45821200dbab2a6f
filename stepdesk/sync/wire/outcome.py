"""What becomes of a release at the branch, and why it may be rejected. Words only, no keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from stepdesk.i18n import N_, Text


class Status(Enum):
    """What became of one release at the branch."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Code(Enum):
    """Why a release was rejected; NONE for the others."""

    NONE = ""
    FORK = "fork"
    PRACTICE = "practice"
    REAL = "real"
    SCHEME_KEY = "scheme_key"
    REVOKED = "revoked"


REASONS: Mapping[Code, Text] = {
    Code.FORK: Text(
        N_(
            "The branch has other figures for this month, or its months do not follow on. So two "
            "copies of this book were used apart. The branch kept both and counts the first. "
            "Call the branch, and find the right copy."
        )
    ),
    Code.PRACTICE: Text(
        N_(
            "These figures come from a practice book or have not passed the privacy gate, and "
            "this is a real branch: it took nothing. Send them to a practice branch."
        )
    ),
    Code.REAL: Text(
        N_(
            "These are real figures, and this is a practice branch: it took nothing. "
            "Send them to the real branch."
        )
    ),
    Code.SCHEME_KEY: Text(
        N_(
            "The branch knows this scheme by another key and took nothing. Compare the "
            "scheme's fingerprint on the telephone before anything else is sent."
        )
    ),
    Code.REVOKED: Text(
        N_(
            "The person who signed may no longer send for this scheme: the branch took nothing. "
            "Let somebody who may send make the bundle again."
        )
    ),
}
"""What each reason means and what to do, for the branch and for the desk."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one release.

    `stored`: new here. `duplicate`: here already, from an earlier bundle. `superseded`: kept, but
    a later revision of the month is here. `rejected`: not taken in; the code says why.
    """

    release_id: bytes
    status: Status
    code: Code = Code.NONE
