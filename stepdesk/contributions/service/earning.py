"""The earning run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from stepdesk.contributions import queries, rules
from stepdesk.contributions.model import (
    earning,
)
from stepdesk.contributions.service.keeping import keep_accounts
from stepdesk.contributions.service.turning import facts_after_turns
from stepdesk.contributions.terms import Account, AccountFacts, Earned
from stepdesk.i18n import N_, Text
from stepdesk.ledger import rules as posting
from stepdesk.ledger import service as ledger
from stepdesk.payers.queries import agreements, payers
from stepdesk.payers.rules import ROLE_OF
from stepdesk.payers.terms import Owed
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    HouseholdId,
    PayerAgreementId,
)
from stepdesk.values.money import Money
from stepdesk.values.month import Month

_NOTHING = Earned()


def run_earnings(
    work: Work,
    *,
    month: Month,
    progress: Progress | None = None,
    seen: Callable[[AccountFacts, Account], None] | None = None,
) -> tuple[Money, Money]:
    """Turn the month's cover into income (P04 where paid, P05 where given in grace or for payers).

    Books the difference between what was earned up to the month's end and what earlier runs
    booked, so that a late correction finds its way into the open month. What payers take over is
    owed by each payer from the run that earned it, whether its money came before or comes later.
    On the cash basis the books move as cash comes, and only what was earned is noted, for
    indicators; what payers owe is booked all the same, because their money clears it. What
    credit paid by itself is written down first. Each household's facts and account at the
    month's end are told to `seen`.

    Returns:
        What members paid and earned, and what they earned and owe, in this run.
    """
    facts, _ = facts_after_turns(work, month=month, progress=progress)
    rows = list(_earnings(work, month, facts, progress or Progress(), seen))
    if rows:
        work.insert_many(earning, rows)
    keep_accounts(work, facts, progress)
    paid_now = sum(int(str(row["paid"])) for row in rows)
    owed_now = sum(int(str(row["unpaid"])) for row in rows)
    entries = (
        posting.earned(paid=paid_now),
        posting.owed(unpaid=owed_now),
        posting.owed_by_payers(
            owed=_by_payer(work, rows),
            fees=sum(int(str(row["payer_amount"])) for row in rows if "kind" in row),
        ),
    )
    earns = ledger.booking(work, month.last)[1].earns
    for entry in entries if earns else entries[2:]:
        if entry.lines:
            ledger.post(work, entry, day=month.last)
    return Money(paid_now, work.currency), Money(owed_now, work.currency)


def _by_payer(work: Work, rows: list[dict[str, object]]) -> dict[tuple[str, bytes], int]:
    told = [row for row in rows if "agreement_id" in row]
    if not told:
        return {}
    terms = agreements(work.connection)
    roles = {one.id: ROLE_OF[one.kind] for one in payers(work.connection)}
    found: dict[tuple[str, bytes], int] = {}
    for row in told:
        payer_id = terms[PayerAgreementId(bytes(row["agreement_id"]))].payer_id  # type: ignore[call-overload]
        key = (roles[payer_id], bytes(payer_id))
        found[key] = found.get(key, 0) + int(str(row["payer_amount"]))
    return found


def _earnings(
    work: Work,
    month: Month,
    facts: Mapping[HouseholdId, AccountFacts],
    progress: Progress,
    seen: Callable[[AccountFacts, Account], None] | None,
) -> Iterator[dict[str, object]]:
    """Yield what the run has to book, a row for each household and due that moved."""
    booked, fees = _booked(work, month), queries.fees_earned(work.connection, month)
    for done, (household_id, known) in enumerate(facts.items()):
        if done % 200 == 0:
            progress.step(done, len(facts), Text(N_("Reckoning what was earned")))
        account, earned = rules.account_and_earned(known, month.last)
        if seen is not None:
            seen(known, account)
        had = booked.get(household_id, {})
        for first_day in sorted(set(earned) | set(had)):
            now, before = earned.get(first_day, _NOTHING), had.get(first_day, _NOTHING)
            if now != before:
                yield from _moved(work, month, household_id, first_day, now, before)
        if fees.get(household_id) or any(one.pays_fee for one in known.sponsored):
            yield from _fee(work, month, household_id, known, fees.get(household_id, {}))


def _booked(work: Work, month: Month) -> dict[HouseholdId, dict[date, Earned]]:
    """Return what runs and receipts booked up to a month's end, as `rules.earned_of` tells it.

    Payers' parts are by agreement alone: rows of earning name no person.
    """
    found: dict[HouseholdId, dict[date, Earned]] = {}
    for (one, first_day), told in queries.earned_by_due(work.connection, month).items():
        found.setdefault(one, {})[first_day] = Earned(*told)
    owed = queries.payers_earned(work.connection, month)
    for (one, first_day, agreement_id), amount in owed.items():
        held = found.setdefault(one, {}).get(first_day, _NOTHING)
        payers = {**held.payers, (agreement_id, None): amount}
        found[one][first_day] = replace(held, payers=payers)
    return found


def _fee(
    work: Work,
    month: Month,
    household_id: HouseholdId,
    facts: AccountFacts,
    had: Mapping[tuple[PayerAgreementId, date], int],
) -> Iterator[dict[str, object]]:
    """Yield what a payer owes of an entry fee, less what it was booked to owe."""
    owed: dict[tuple[PayerAgreementId, date], int] = {}
    for fee in rules.fees_of_payers(facts, month.last):
        whose = (fee.agreement_id, fee.asked_on)
        owed[whose] = owed.get(whose, 0) + fee.amount
    for agreement_id, asked_on in sorted({*owed, *had}):
        key = (agreement_id, asked_on)
        more = owed.get(key, 0) - had.get(key, 0)
        if more:
            yield {
                "id": work.new_id(),
                "month": str(month),
                "household_id": household_id,
                "due_first_day": asked_on,
                "paid": 0,
                "unpaid": 0,
                "payer_amount": more,
                "agreement_id": agreement_id,
                "kind": Owed.FEE,
            }


def _moved(
    work: Work,
    month: Month,
    household_id: HouseholdId,
    first_day: date,
    now: Earned,
    had: Earned,
) -> Iterator[dict[str, object]]:
    row: dict[str, object] = {
        "month": str(month),
        "household_id": household_id,
        "due_first_day": first_day,
        "paid": 0,
        "unpaid": 0,
    }
    paid, unpaid = now.paid - had.paid, now.unpaid - had.unpaid
    if paid or unpaid:
        yield {**row, "id": work.new_id(), "paid": paid, "unpaid": unpaid}
    owed, before = _owed(now), _owed(had)
    for agreement_id in sorted({*owed, *before}):
        more = owed.get(agreement_id, 0) - before.get(agreement_id, 0)
        if more:
            told = {"payer_amount": more, "agreement_id": agreement_id}
            yield {**row, "id": work.new_id(), **told}


def _owed(earned: Earned) -> dict[PayerAgreementId, int]:
    found: dict[PayerAgreementId, int] = {}
    for (agreement_id, _), amount in earned.payers.items():
        found[agreement_id] = found.get(agreement_id, 0) + amount
    return found
