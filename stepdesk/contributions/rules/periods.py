"""Which period of a household's contributions a day lies in: limits may begin anew with each."""

from datetime import date

from stepdesk.contributions.terms import Account, DueKind


def period_on(account: Account, day: date) -> tuple[date, date] | None:
    """Return the first day of the period that holds a day and the first day after it.

    A period that was called goes before the one to come; None where the household has none that day.
    Source: openIMIS handbook 2.8.
    """
    called = (state.due for state in reversed(account.called))
    coming = () if account.next_due is None else (account.next_due,)
    for due in (*called, *coming):
        if due.kind is DueKind.PERIOD and due.first_day <= day < due.until:
            return due.first_day, due.until
    return None
