"""Verifying the open book, and remembering what was verified and when."""

import re
from importlib import import_module

from sqlcipher3 import dbapi2

from stepdesk.errors import Refusal, Trouble
from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk, older_than_remembered
from stepdesk.store.photo_copies import named_by_rows
from stepdesk.store.tables import metadata
from stepdesk.store.verify import Finding, Report, access_log_holds, named_by_acts, verify

_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def verify_desk(
    desk: Desk, *, whole: bool = True, signatures: bool = True, progress: Progress | None = None
) -> Report:
    """Verify the whole book, or the acts since the last clean verification.

    The result is noted in this laptop's own tables.
    """
    after = 0
    if not whole:
        with desk.read() as connection:
            told = connection.exec_driver_sql(
                "SELECT coalesce(max(until_act), 0) FROM verification WHERE findings = 0"
            ).scalar_one()
            after = int(told)
    raw = file.connect(desk.path, desk.person.data_key, readonly=True)
    try:
        raw.execute("BEGIN")
        report = verify(
            raw,
            desk.folder,
            after=after,
            signatures=signatures,
            progress=progress,
            # A lost photo is said, and keeps nobody from closing a month.
            attachments=desk.attachments if whole else None,
        )
        if not access_log_holds(raw):
            report.findings.append(
                Finding(Text(N_("The access log was changed.")), table="access")
            )
    finally:
        raw.close()
    if whole:
        try:
            report.findings += _remade(desk)
        except Trouble as trouble:  # a page cannot be read: that is a finding, too
            report.findings.append(Finding(trouble.text))
    if older_than_remembered(desk):
        text = Text(
            N_(
                "The book is older than the one last used on this laptop: an old file was put back."
            )
        )
        report.findings.append(Finding(text))
    desk.note_locally(
        "INSERT INTO verification (at,whole,until_act,findings) VALUES (?,?,?,?)",
        (
            int(desk.clock.now().timestamp() * 1000),
            int(whole),
            report.until_act,
            len(report.findings),
        ),
    )
    return report


def _remade(desk: Desk) -> list[Finding]:
    """Return what is kept beside the rows and is not as it would be made anew, where words are made."""
    found = []
    for table in metadata.tables.values():
        module, _, function = table.info.get("told_by", "").partition(":")
        count = desk.ask(getattr(import_module(module), function)) if module else 0
        if count:
            told = Text(table.info["says"], {"table": table.name, "count": count})
            found.append(Finding(told, table=table.name))
        index = table.info.get("index", "")
        if index and not _index_holds(desk, index):
            text = Text(
                N_("The index of {table} does not hold what its rows say."), {"table": table.name}
            )
            found.append(Finding(text, table=index))
    return found


def _index_holds(desk: Desk, index: str) -> bool:
    """Whether an index is that of its rows: a command of FTS5, written as an insert that writes nothing."""
    try:
        desk.note_locally(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)", ())
    except (Trouble, dbapi2.DatabaseError):  # what the index says of itself is not put in words
        return False
    return True


def orphans(desk: Desk) -> frozenset[bytes]:
    """Return the attachments nothing names: written for acts that failed, or of acts forgotten.

    What a form that is half typed on this laptop names is none.

    Raises:
        Trouble: the attachments cannot be read.
    """
    present = desk.attachments.hashes()
    raw = file.connect(desk.path, desk.person.data_key, readonly=True)
    try:
        raw.execute("BEGIN")
        named = named_by_acts(raw) | {told for _, _, told in named_by_rows(raw)}
        drafts = raw.execute("SELECT content FROM draft").fetchall()
        named |= {bytes.fromhex(one) for (told,) in drafts for one in _HASH.findall(told)}
    finally:
        raw.close()
    return present - named


def remove_orphans(desk: Desk) -> int:
    """Remove the attachments nothing names, and return how many there were.

    After a restore, photos of acts behind the copy are orphans too: the files put aside name them.

    Raises:
        Refusal: the book was put back by hand; the newer one may name them.
        Trouble: the attachments cannot be read or written.
    """
    if desk.put_back:
        raise Refusal(
            Text(
                N_(
                    "This book is older than the one last used here, so its photos are kept. Use the newer book first."
                )
            )
        )
    return desk.attachments.erase(orphans(desk))
