"""When the open book was verified last, and how."""

from dataclasses import dataclass
from datetime import UTC, datetime

from stepdesk.store.desk import Desk


@dataclass(frozen=True, slots=True)
class Verified:
    """The last verification of this laptop: of the whole book or of the new acts."""

    at: datetime
    whole: bool
    findings: int


def last_verification(desk: Desk) -> Verified | None:
    """Return the last verification, None when there was none on this laptop."""
    with desk.read() as connection:
        row = connection.exec_driver_sql(
            "SELECT at, whole, findings FROM verification ORDER BY at DESC LIMIT 1"
        ).first()
    if row is None:
        return None
    return Verified(datetime.fromtimestamp(row.at / 1000, UTC), bool(row.whole), row.findings)
