"""A year in which nothing happens but paying, drawn from a seed, under plans with every term.

After each verb, also between closings, what is read of accounts through the copies closings keep
is what the rows say: docs/decisions/0055.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from stepdesk.contributions import rules
from stepdesk.contributions.queries import each_facts, facts_of
from stepdesk.contributions.queries.kept import account_kept_of
from stepdesk.contributions.queries.stale import stale_accounts
from stepdesk.contributions.service import (
    contribute,
    enter_sheet,
    issue_statement,
    pay_for_group,
    print_sheets,
    reverse_group_payment,
)
from stepdesk.contributions.service.history import bring_in_history, take_back_openings
from stepdesk.contributions.terms import (
    Account,
    AccountFacts,
    Allotment,
    ChargeAdded,
    Due,
    DueState,
    Means,
    PartialRule,
    Renewal,
    SheetEntered,
    SheetEntry,
)
from stepdesk.ledger.terms import Went
from stepdesk.payers import service as payers
from stepdesk.payers.terms import GroupKind, PayerAgreement, PayerKind, Rest
from stepdesk.reports.queries.trends import Going
from stepdesk.rights import service as rights
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, NominationId, PayerAgreementId, PayerId
from stepdesk.values.month import Month
from tests.builders import a_request
from tests.training.year import DOUBTS, Year, rows_of

PLANS: dict[str, dict[str, Any]] = {
    "plain": {},
    "penalties": {"penalty_rate": 1000, "penalty_fixed": 50, "grace_days": 10},
    "prepaid": {"prepay_discount": 1000, "max_advance_periods": 12, "renewal": Renewal.ON_PAYMENT},
    "early": {
        "period_months": 3,
        "renewal": Renewal.ON_PAYMENT,
        "renewal_discount": 1000,
        "renewal_discount_months": 1,
        "early_discount": 500,
        "early_discount_months": 1,
        "cycle_starts": ((1, 1), (4, 1), (7, 1), (10, 1)),
    },
    "partly": {"partial_rule": PartialRule.PER_PERSON_PARTIAL, "penalty_rate": 500},
    "credit": {"max_advance_periods": 1, "card_fee": 200, "assembly_fee": 100},
    "added": {"charge_added": ChargeAdded.PRO_RATA, "max_advance_periods": 2},
    "everything": {
        "charge_added": ChargeAdded.NEXT_PERIOD,
        "max_advance_periods": 3,
        "partial_rule": PartialRule.PER_PERSON_PARTIAL,
        "penalty_rate": 1000,
        "prepay_discount": 1000,
        "assembly_fee": 100,
    },
}
"""Terms of plans by a name, beside the monthly 350 a person and the entry fee."""
_TWICE = (
    "SELECT household_id, first_day FROM due WHERE kind IS NULL AND discount IS NULL"
    " GROUP BY household_id, first_day, told_on HAVING count(*) > 1"
)
"""Periods with two rows. One with a discount holds while money lies on it, and may be earned anew."""
_WENT = (
    "SELECT covered, due_amount, due_paid FROM closing WHERE month = ?"
    " AND id NOT IN (SELECT closing_id FROM reopening)"
)


class GivenUpError(Exception):
    """A work that somebody gave up when all was written."""


class Paying(Year):
    """A year of paying alone, in which both ways of reading accounts are compared."""

    accepting = DOUBTS | {
        *(
            "backdated",
            "closed_entry",
            "no_reference",
            "more_than_open",
            "late",
            "other_collector",
        ),
        *("suspended", "household_late"),
    }

    def __init__(
        self, desk: Desk, clock: SetClock, seed: int, *, households: int, plan: str
    ) -> None:
        super().__init__(desk, clock, seed, households=households, plan=PLANS[plan])
        self.read_through = 0
        self.sums: list[Any] = []
        self.imports: list[Any] = []
        self.nominations: list[Any] = []
        self.group = self._do(
            payers.add_group, code="COOP", name="Cooperative", kind=GroupKind.COOPERATIVE, people=9
        )
        self.payer: PayerId = self._do(
            payers.add_payer, code="COM", name="Commune", kind=PayerKind.COMMUNE
        )
        self.agreement: PayerAgreementId = self._do(
            payers.sign_agreement, agreement=self._promise()
        )
        for home in self.homes[::2]:
            self._do(payers.place_household, group_id=self.group, household_id=home, on=desk.today)
        self.verbs = (
            (self.pay, 16),
            (self.pay_a_period, 16),
            (self.reverse, 5),
            (self.happening, 4),
            (self.undo_event, 1),
            (self.pay_sheet, 2),
            (self.pay_as_group, 2),
            (self.reverse_group, 1),
            (self.bring_in, 1),
            (self.take_back, 1),
            (self.nominate, 2),
            (self.end_nomination, 1),
            (self.payer_pays, 3),
            (self.split, 1),
            (self.merge, 1),
            (self.give_up, 2),
        )

    def _promise(self) -> PayerAgreement:
        return PayerAgreement(
            PayerAgreementId(b""),
            self.payer,
            "",
            first_day=date(2024, 1, 1),
            until=None,
            criteria="indigent",
            max_persons=None,
            share=self.chance.choice((50, 100)),
            amount=None,
            pays_fee=self.chance.random() < 0.5,
            on_commitment=self.chance.random() < 0.4,
            invoice_months=1,
            signed_on=date(2024, 1, 2),
        )

    # Verbs

    def pay_a_period(self) -> None:
        """Pay exactly what brings a household up to date, or so many periods further."""
        home, day = self._one(self.homes), self._day(20)
        periods = self.chance.choice((0, 0, 1, 1, 2, 12))
        facts = self.desk.ask(facts_of, home)
        wanted = rules.amount_to_reach(facts, paid_on=day, periods=periods)
        receipt = self._do(
            contribute,
            request_id=a_request(),
            household_id=home,
            amount=self._exactly(wanted),
            paid_on=day,
            means=Means.BANK,
            reference=str(self.chance.randrange(10**9)),
            accepting=self.accepting,
        )
        self.receipts.append(receipt)
        self.changed_from = min(self.changed_from, day)

    def _exactly(self, minor: int) -> Any:
        return replace(self._money(), minor=minor)

    def pay_sheet(self) -> None:
        chosen = self.chance.sample(self.homes, k=min(3, len(self.homes)))
        entries = [
            SheetEntry(place, self._money(350, 3000), a_request())
            for place in range(1, len(chosen) + 1)
        ]
        accepting = frozenset(f"{name}:{one.place}" for name in self.accepting for one in entries)

        def sheet(work: Work) -> SheetEntered:
            sheet_id, *_ = print_sheets(work, household_ids=chosen)
            return enter_sheet(work, sheet_id=sheet_id, entries=entries, accepting=accepting)

        self.receipts += self._do(sheet).receipts

    def pay_as_group(self) -> None:
        told = self._do(
            pay_for_group,
            request_id=a_request(),
            group_id=self.group,
            amount=self._money(1000, 9000),
            rest=Rest.KEEP,
            periods=self.chance.choice((0, 1)),
            accepting=self.accepting,
        )
        self.sums.append(told.money.id)
        self.receipts += told.receipts

    def reverse_group(self) -> None:
        self._do(
            reverse_group_payment,
            request_id=a_request(),
            group_payment_id=self._one(self.sums),
            reason="another group's",
        )

    def bring_in(self) -> None:
        """Receipts from before the book turn up, of a household that is there."""
        home, request, day = self._one(self.homes), a_request(), self._day(40)
        told = {home: [(request, day, self.chance.randint(7, 80) * 50, "A 1")]}
        _, entry_id = self._do(bring_in_history, payments=told)
        self.imports.append((home, request, entry_id))

    def take_back(self) -> None:
        """An import is taken back while nothing of the household depends on it."""
        home, request, entry_id = self.imports.pop()
        with self.desk.read() as connection:
            last = connection.exec_driver_sql(
                "SELECT request_id FROM payment WHERE household_id = ? ORDER BY id DESC", (home,)
            ).scalar()
        if last != request:
            raise LookupError("money depends on it")
        told = {"requests": [request], "entry_id": entry_id, "reason": "twice"}
        self._do(take_back_openings, **told)

    def nominate(self) -> None:
        home, on = self._one(self.homes), self._day(10)
        told = {"agreement_id": self.agreement, "household_id": home, "grounds": "widow"}

        def nominated(work: Work) -> NominationId:
            one = payers.nominate(work, on=on, accepting=self.accepting, **told)
            payers.validate_nomination(work, nomination_id=one, on=on)
            payers.approve_nomination(work, nomination_id=one, on=on)
            payers.cover_nomination(work, nomination_id=one, on=on)
            return one

        self.nominations.append(self._do(nominated))

    def end_nomination(self) -> None:
        one = self._one(self.nominations)
        self._do(
            payers.end_nomination, nomination_id=one, on=self.desk.today, accepting=self.accepting
        )
        self.nominations.remove(one)

    def payer_pays(self) -> None:
        """The payer is told what it owes and pays some of it."""

        def paid(work: Work) -> None:
            issue_statement(work, agreement_id=self.agreement)
            payers.receive_from_payer(
                work,
                request_id=a_request(),
                payer_id=self.payer,
                amount=self._money(500, 9000),
                accepting=self.accepting,
            )

        self._do(paid)

    def split(self) -> None:
        home = self._one(self.homes)
        covers = [one for one in self.desk.ask(facts_of, home).covers if one.until is None]
        going = [one.person_id for one in covers[1:] if self.chance.random() < 0.5]
        happened = self._do(
            rights.split,
            household_id=home,
            person_ids=going,
            head_id=self._one(going),
            on=self._day(3),
            accepting=self.accepting,
        )
        self.events.append(happened)
        self.homes += [
            HouseholdId(row[0])
            for row in rows_of(self.desk, "SELECT id FROM household ORDER BY id")
            if row[0] not in self.homes
        ]

    def merge(self) -> None:
        told = {"from_id": self._one(self.homes), "into_id": self._one(self.homes)}
        self.events.append(
            self._do(rights.merge, on=self.desk.today, accepting=self.accepting, **told)
        )

    def give_up(self) -> None:
        """A contribution, and what credit paid with it, is given up when all is written."""

        def given_up(work: Work) -> None:
            contribute(
                work,
                request_id=a_request(),
                household_id=self._one(self.homes),
                amount=self._money(350, 5000),
                accepting=self.accepting,
            )
            raise GivenUpError

        try:
            self._do(given_up)
        except GivenUpError:
            return

    def _try(self, verb: Callable[[], object]) -> None:
        super()._try(verb)
        self.compare()

    def close(self, month: Month) -> None:
        super().close(month)
        self.imports.clear()
        self.compare()
        self._went_as_kept(month)

    # What must hold

    def compare(self) -> None:
        """Both ways of reading tell the same, of one household and of all, and allot the same."""
        ask = self.desk.ask
        with self.desk.read() as connection:
            kept = dict(each_facts(connection))
            assert kept == dict(each_facts(connection, by_row=True))
            assert stale_accounts(connection) == 0
            assert connection.exec_driver_sql(_TWICE).all() == []
        for home in self.homes:
            told, by_row = ask(facts_of, home), ask(facts_of, home, named=True)
            assert bare(told) == bare(by_row)
            self.read_through += ask(account_kept_of, home) is not None
            for day in (self.desk.today, self.desk.today + timedelta(days=40)):
                accounts = [
                    _account(rules.account_on(one, day)) for one in (told, by_row, kept[home])
                ]
                assert accounts[0] == accounts[1] == accounts[2]
            for amount in (350, 5000):
                assert self._allotted(told, amount) == self._allotted(by_row, amount)

    def _went_as_kept(self, month: Month) -> None:
        """How the month went is kept as the rows tell it: docs/decisions/0056."""
        going = Going(month)
        with self.desk.read() as connection:
            for _, facts in each_facts(connection, by_row=True):
                going.add(facts, rules.account_on(facts, month.last))
            (told,) = connection.exec_driver_sql(_WENT, (str(month),)).all()
        assert Went(*told) == going.went

    def _allotted(self, facts: AccountFacts, amount: int) -> Allotment:
        found = rules.allot(facts, paid_on=self.desk.today, amount=amount)
        parts = tuple(
            replace(part, due=None if part.due is None else _bare(part.due))
            for part in found.parts
        )
        return replace(found, parts=parts)


def bare(facts: AccountFacts) -> AccountFacts:
    """Return facts without the ids of dues that have no discount."""
    return replace(
        facts,
        frozen=tuple(_bare(due) for due in facts.frozen),
        extra=tuple(_bare(due) for due in facts.extra),
    )


def _bare(due: Due) -> Due:
    return due if due.discount else replace(due, id=None)


def _account(account: Account) -> Account:
    """Return an account without the ids of dues."""

    def state(one: DueState) -> DueState:
        return one._replace(due=_bare(one.due))

    return replace(
        account,
        called=tuple(map(state, account.called)),
        adjustments=tuple(map(state, account.adjustments)),
        penalties=tuple(map(state, account.penalties)),
        unpaid=None if account.unpaid is None else state(account.unpaid),
        next_due=None if account.next_due is None else _bare(account.next_due),
    )
