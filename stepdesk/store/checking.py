"""Verifying the open book, and remembering what was verified and when."""

from stepdesk.i18n import N_, Text
from stepdesk.progress import Progress
from stepdesk.store import engine as file
from stepdesk.store.desk import Desk, older_than_remembered
from stepdesk.store.verify import Finding, Report, access_log_holds, verify


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
        report = verify(raw, desk.folder, after=after, signatures=signatures, progress=progress)
        if not access_log_holds(raw):
            report.findings.append(
                Finding(Text(N_("The access log was changed.")), table="access")
            )
    finally:
        raw.close()
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
