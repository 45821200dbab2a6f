"""A year at the desk, drawn from a seed: what clerks do, rightly and wrongly, in whatever order.

What cannot be is refused and leaves nothing. After each month everything that must hold is looked
at: domain handbook Y.8. (10) is held by tests/sync, (12) waits for the merging of laptops.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from stepdesk.claims import queries as claims
from stepdesk.claims.service import (
    cancel_letter,
    decide_claim,
    enter_claim,
    extend_letter,
    issue_letter,
    pay_provider,
)
from stepdesk.claims.terms import Move
from stepdesk.contributions import rules as contributions
from stepdesk.contributions.queries import earned_by_due, facts_of
from stepdesk.contributions.service import contribute, hand_over_cash, reverse_payment
from stepdesk.contributions.terms import ChargeAdded
from stepdesk.errors import Caution, Refusal
from stepdesk.ledger import service as ledger
from stepdesk.ledger.queries import balance_of
from stepdesk.members.queries import household_file
from stepdesk.members.service import (
    move_section,
    readmit,
    record_birth,
    record_death,
    record_joining,
    record_leaving,
    record_marriage,
    resign,
    reverse_event,
)
from stepdesk.members.terms import Birth, BirthKnown, NewPerson, Relation, Sex
from stepdesk.reports.queries import disagreements
from stepdesk.reports.service import close_month, reopen_month
from stepdesk.rights.queries import verdict_of
from stepdesk.store.checking import verify_desk
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.values.ids import BatchId, ClaimId, HouseholdId, PersonId
from stepdesk.values.month import Month
from tests.builders import a_household, a_request, a_section
from tests.claims.kit import Care, a_batch, a_care, certificate, francs
from tests.claims.letter_kit import asked
from tests.claims.test_states import VERBS
from tests.ledger.test_properties import PLACES, check_books, check_box

BEGAN = date(2024, 1, 2)
PERSON_YEAR, HOUSEHOLD_YEAR = 6000, 9000
_CODES = ("C", "P", "A", "DEL", "GLAS", "ROOM")
DOUBTS = frozenset(
    {
        *("much", "ended", "same_day", "closed_month", "open_letter", "nobody_may_decide"),
        *("same_person", "late_appeal", "not_counted", "cash_differs", "age", "alike:0"),
        *("arrears", "completeness", "replacement", "sponsor"),
    }
)


class Year:
    """A scheme to which a year happens."""

    accepting = DOUBTS

    def __init__(
        self,
        desk: Desk,
        clock: SetClock,
        seed: int,
        *,
        households: int = 30,
        charge_added: ChargeAdded | None = None,
        plan: Mapping[str, Any] | None = None,
    ) -> None:
        self.desk, self.clock, self.chance = desk, clock, Random(seed)
        self.done: Counter[str] = Counter()
        self.care: Care = a_care(
            desk,
            cap_person_year=PERSON_YEAR,
            cap_household_year=HOUSEHOLD_YEAR,
            plan={"charge_added": charge_added, **(plan or {})},
        )
        a_section(desk, "Tougouni")
        self.homes: list[HouseholdId] = [self.care.home.household_id]
        self.people: list[PersonId] = list(self.care.home.person_ids)
        for _ in range(households - 1):
            self._register()
        self.receipts: list[Any] = []
        self.vouchers: list[Any] = []
        self.bills: list[Any] = []
        self.claims: list[ClaimId] = []
        self.letters: list[Any] = []
        self.events: list[Any] = []
        self.batch: BatchId = a_batch(desk, self.care)
        self.told: dict[tuple[PersonId, date], object] = {}
        self.waived: set[bytes] = set()
        self.changed_from = date.max
        self.verbs: tuple[tuple[Callable[[], object], int], ...] = (
            (self.pay, 12),
            (self.pay_nothing, 1),
            (self.hand_over, 2),
            (self.reverse, 2),
            (self.claim, 6),
            (self.claim_life, 10),
            (self.letter, 2),
            (self.letter_life, 2),
            (self.pay_provider, 2),
            (self.gift, 2),
            (self.spend, 2),
            (self.bill, 1),
            (self.settle, 1),
            (self.move, 1),
            (self.cancel, 1),
            (self.count, 1),
            (self.happening, 4),
            (self.undo_event, 1),
            (self.close_wrongly, 1),
        )

    def pay_alone(self) -> None:
        """From now on nothing happens but paying, cancelling and what families tell."""
        self.verbs = (
            (self.pay, 16),
            (self.reverse, 6),
            (self.happening, 4),
            (self.undo_event, 1),
        )

    # Drawing

    def live(self, month: Month, verbs: int) -> None:
        """Let a month pass: so many verbs on its days, then the closing."""
        last = month.last.day
        days = sorted(self.chance.randint(1, last) for _ in range(verbs))
        for number in days:
            self.clock.set(max(date(month.year, month.month, number), self.desk.today))
            chosen = self.chance.choices(
                [one for one, _ in self.verbs], [weight for _, weight in self.verbs]
            )[0]
            self._try(chosen)
        self.clock.set(month.until + timedelta(days=self.chance.randint(0, 3)))
        self.close(month)
        if self.chance.random() < 0.25:
            self._do(reopen_month, month=month, reason="a paper was found")
            self._try(self.gift)
            self.close(month)
        self.batch = a_batch(self.desk, self.care)

    def _try(self, verb: Callable[[], object]) -> None:
        name, before = getattr(verb, "__name__", "?"), self.desk.acts
        try:
            verb()
        except (Refusal, Caution, LookupError):
            assert self.desk.acts == before, f"{name} was refused and left an act"
            self.done[f"{name} refused"] += 1
        else:
            self.done[name] += 1

    def _do(self, verb: Any, **told: Any) -> Any:
        return self.desk.do(verb, **told)

    def _one(self, among: list[Any]) -> Any:
        if not among:
            raise LookupError("nothing to choose from")
        return self.chance.choice(among)

    def _day(self, back: int = 12) -> date:
        """Return a day up to tomorrow, not before the scheme began."""
        told = self.desk.today - timedelta(days=self.chance.randint(-1, back))
        return max(told, BEGAN)

    def _money(self, least: int = 100, most: int = 4000) -> Any:
        return francs(self.desk, self.chance.randint(least // 50, most // 50) * 50)

    # Contributions

    def _register(self) -> None:
        made = a_household(self.desk, self.chance.randint(1, 6), plan_id=self.care.plan_id)
        self.homes.append(made.household_id)
        self.people.extend(made.person_ids)

    def pay(self) -> None:
        day = self._day(5) if self.chance.random() < 0.2 else self.desk.today
        carried = self.chance.random() < 0.2
        receipt = self._do(
            contribute,
            request_id=a_request(),
            household_id=self._one(self.homes),
            amount=self._money(350, 9000),
            paid_on=day,
            collector_id=self.desk.person.staff_id if carried else None,
            accepting=self.accepting,
        )
        self.receipts.append(receipt)
        self.changed_from = min(self.changed_from, day)

    def pay_nothing(self) -> None:
        self._do(
            contribute,
            request_id=a_request(),
            household_id=self._one(self.homes),
            amount=francs(self.desk, self.chance.choice((0, -350))),
        )

    def hand_over(self) -> None:
        self._do(
            hand_over_cash,
            request_id=a_request(),
            collector_id=self.desk.person.staff_id,
            amount=self._money(),
            day=self._day(),
        )

    def reverse(self) -> None:
        self._do(
            reverse_payment,
            request_id=a_request(),
            payment_id=self._one(self.receipts).payment_id,
            reason="wrong household",
        )

    # Care

    def claim(self) -> None:
        lines = [
            self.care.line(code, self.chance.randint(1, 3))
            for code in self.chance.choices(_CODES, k=self.chance.randint(1, 3))
        ]
        told = certificate(
            self.desk,
            self.care,
            *lines,
            day=self._day(40),
            person_id=self._one(self.people),
            guarantee=self._one(self.letters).number if self._named() else "",
        )
        made = self._do(enter_claim, request_id=a_request(), batch_id=self.batch, certificate=told)
        self.claims.append(made)
        if self.chance.random() < 0.7:
            self._do(decide_claim, claim_id=made, accepting=self.accepting)

    def _named(self) -> bool:
        return bool(self.letters) and self.chance.random() < 0.2

    def claim_life(self) -> None:
        claim = self._one(self.claims)
        name = self._one([one for one in VERBS if one != "pay"])
        move, made = VERBS[name]
        verb, told = made(self.desk, claim)
        self._do(verb, claim_id=claim, **told)
        self.done[Move(move).value] += 1
        if move in {Move.OVERRIDE, Move.OVERTURN}:
            # Two people may set a ceiling aside, and what is decided then stands.
            told_by = rows_of(self.desk, "SELECT id, household_id FROM claim")
            self.waived |= {row.household_id for row in told_by if row.id == claim}

    def letter(self) -> None:
        told = asked(self.care, self._one(list(_CODES)))
        told = type(told)(
            self._one(self.people), provider_id=told.provider_id, service_id=told.service_id
        )
        self.letters.append(
            self._do(
                issue_letter, request_id=a_request(), asked=told, days=20, accepting=self.accepting
            )
        )

    def letter_life(self) -> None:
        letter = self._one(self.letters)
        if self.chance.random() < 0.5:
            self._do(cancel_letter, letter_id=letter.id, reason="went elsewhere")
        else:
            self._do(
                extend_letter,
                letter_id=letter.id,
                reason="stays longer",
                days=self.chance.randint(1, 20),
                up_to=self._money(500, 9000),
            )

    def pay_provider(self) -> None:
        self._do(
            pay_provider,
            request_id=a_request(),
            provider_id=self.care.provider_id,
            most=self._money(500, 9000) if self.chance.random() < 0.5 else None,
        )

    # Money

    def _told(self) -> dict[str, Any]:
        return {"request_id": a_request(), "amount": self._money(), "day": self._day()}

    def gift(self) -> None:
        told = self._told() | {"role": "gift", "label": "Gift"}
        self.vouchers.append(self._do(ledger.receive, box=self._one(list(PLACES)), **told))

    def spend(self) -> None:
        told = self._told() | {"role": "supplies", "label": "Paper"}
        self.vouchers.append(self._do(ledger.spend, box=self._one(list(PLACES)), **told))

    def bill(self) -> None:
        told = self._told() | {"role": "supplies", "label": "Paper", "payee": "Sow"}
        self.bills.append(self._do(ledger.buy_on_credit, **told))
        self.vouchers.append(self.bills[-1])

    def settle(self) -> None:
        told = self._told() | {"bill_id": self._one(self.bills).voucher_id}
        self.vouchers.append(self._do(ledger.pay_bill, **told))

    def move(self) -> None:
        source, target = self._one(list(PLACES)), self._one(list(PLACES))
        self.vouchers.append(
            self._do(ledger.transfer, source=source, target=target, **self._told())
        )

    def cancel(self) -> None:
        self._do(
            ledger.cancel_voucher,
            request_id=a_request(),
            voucher_id=self._one(self.vouchers).voucher_id,
            reason="wrong",
        )

    def count(self) -> None:
        self._do(
            ledger.count_box,
            request_id=a_request(),
            pieces={100: self.chance.randint(0, 60)},
            day=self._day(),
            difference_reason="nobody knows",
        )

    def close(self, month: Month) -> None:
        self._do(close_month, month=month, accepting=self.accepting)

    def close_wrongly(self) -> None:
        """Close a month out of turn: the last one again, or one that has not begun."""
        ahead = self.chance.choice((-1, -2, 2))
        self._do(
            close_month, month=Month.of(self.desk.today).plus(ahead), accepting=self.accepting
        )

    # Families

    def happening(self) -> None:
        home, who, on = self._one(self.homes), self._one(self.people), self._day(20)
        relation = self._one([Relation.SPOUSE, Relation.CHILD, Relation.PARENT])
        birth = on if relation is Relation.CHILD else date(1990, 5, 1)
        new = NewPerson(
            "Sagna",
            f"Awa {self.chance.randrange(10**6)}",
            Sex.FEMALE,
            Birth(birth, BirthKnown.DAY),
            relation,
        )
        come = {"household_id": home, "person": new, "on": on}
        choices: list[tuple[Any, dict[str, Any]]] = [
            (record_birth, come | {"mother_id": None}),
            (record_marriage, come),
            (record_joining, come),
            (record_death, {"person_id": who, "on": on, "heir_id": self._one(self.people)}),
            (record_leaving, {"person_id": who, "on": on, "reason": "left"}),
            (resign, {"household_id": home, "letter_on": on, "on": on + timedelta(days=20)}),
            (readmit, {"household_id": home, "on": on}),
            (move_section, {"household_id": home, "section_id": self._section(), "on": on}),
        ]
        verb, told = self._one(choices)
        happened = self._do(verb, **told, accepting=self.accepting)
        self.done[verb.__name__] += 1
        self.events.append(happened)
        self.people += [one for one in happened.person_ids if one not in self.people]
        self.changed_from = min(self.changed_from, on)

    def _section(self) -> Any:
        return self._one(
            [row[0] for row in rows_of(self.desk, "SELECT id FROM section ORDER BY code")]
        )

    def undo_event(self) -> None:
        """Take an event back: a correction, which may change any earlier answer."""
        self._do(reverse_event, event_id=self._one(self.events).event_ids[0], reason="undone")
        self.changed_from = date.min

    # What must hold

    def check(self, *, whole: bool) -> None:
        """Look at everything that must hold at the end of a month."""
        assert verify_desk(self.desk, whole=whole).findings == []
        assert self.desk.ask(disagreements) == ()
        check_books(self.desk)
        for place in PLACES:
            check_box(self.desk, place, Month.of(self.desk.today).plus(-2))
        self._claims_add_up()
        self._payments_add_up()
        self._ceilings_hold()
        self._earned_is_called()
        self._nobody_is_covered_twice()
        self._earlier_answers_stand()

    def check_paid(self) -> None:
        """Look at what must hold where money is paid and taken back alone."""
        assert self.desk.ask(disagreements) == ()
        self._payments_add_up()

    def _claims_add_up(self) -> None:
        """Y.8 (1), and what is decided is what was paid and what is owed.

        What waits for a letter, or was typed in by mistake, is not decided.
        """
        wrong = rows_of(
            self.desk,
            "SELECT d.outcome, d.version FROM claim_decision d WHERE d.outcome"
            " IN ('APPROVED', 'REJECTED', 'REVERSED')"
            " AND d.paid + d.patient + d.disallowed <>"
            " (SELECT sum(l.quantity * l.unit_price) FROM claim_line l"
            " WHERE l.claim_id = d.claim_id)",
        )
        assert wrong == [], wrong
        assert self.desk.ask(claims.claims_that_differ) == ()
        owed = sum(one.amount for one in self.desk.ask(claims.unpaid_of, self.care.provider_id))
        assert self.desk.ask(claims.owed_to_providers) == owed
        assert self.desk.ask(balance_of, "provider_payable") == -owed

    def _payments_add_up(self) -> None:
        """Y.8 (2) and (7): parts are the payment, no due holds more than it asks."""
        parts = (
            "SELECT p.id FROM payment p WHERE p.amount <>"
            " (SELECT sum(a.amount) FROM allocation a WHERE a.payment_id = p.id)"
        )
        over = (
            "SELECT d.id FROM due d JOIN allocation a ON a.due_id = d.id GROUP BY d.id"
            " HAVING sum(a.amount) > abs(d.amount) OR (d.amount >= 0 AND sum(a.amount) < 0)"
        )
        numbers = (
            "SELECT year, letter FROM payment GROUP BY year, letter"
            " HAVING count(*) <> max(serial) - min(serial) + 1"
        )
        for statement in (parts, over, numbers):
            assert rows_of(self.desk, statement) == [], statement

    def _ceilings_hold(self) -> None:
        """Y.8 (8); where two people set a ceiling aside, it no longer binds."""
        for home in [one for one in self.homes if one not in self.waived]:
            file = self.desk.ask(household_file, home)
            assert file is not None
            told = self.desk.ask(
                claims.uses_of,
                household_id=home,
                person_id=file.persons[0].id,
                since=date(2024, 1, 1),
                today=self.desk.today,
            )
            assert sum(one.paid for one in told) <= HOUSEHOLD_YEAR
            used: Counter[bytes | None] = Counter()
            for one in told:
                used[one.person_id] += one.paid
            assert max(used.values(), default=0) <= PERSON_YEAR

    def _earned_is_called(self) -> None:
        """Y.8 (9): of no due more is earned than it asks."""
        month = Month.of(self.desk.today).plus(-1)
        cost: Counter[tuple[HouseholdId, date]] = Counter()
        for home in self.homes:
            facts = self.desk.ask(facts_of, home, named=True)
            account = contributions.account_on(facts, month.last)
            # What an earlier membership paid is asked by a row of its own for the same days.
            held = {one.id: one.amount for one in (*facts.frozen, *facts.extra)}
            for due in (*facts.frozen, *facts.extra):
                cost[home, due.first_day] += due.amount
            for state in (*account.called, *account.adjustments):
                if state.due.id not in held:
                    cost[home, state.due.first_day] += state.due.amount
        for key, (paid, unpaid) in self.desk.ask(earned_by_due, month).items():
            assert 0 <= paid + unpaid <= cost.get(key, 0), key

    def _nobody_is_covered_twice(self) -> None:
        """Y.8 (6)."""
        assert (
            rows_of(
                self.desk,
                "SELECT a.id FROM cover a JOIN cover b ON b.person_id = a.person_id"
                " AND b.id > a.id AND a.first_day < coalesce(b.until, '9999')"
                " AND b.first_day < coalesce(a.until, '9999')"
                " WHERE a.first_day <> coalesce(a.until, '')"
                " AND b.first_day <> coalesce(b.until, '')",
            )
            == []
        )

    def _earlier_answers_stand(self) -> None:
        """Y.8 (3): what was told for a day no later event reaches back to is told again."""
        for (person, day), answer in self.told.items():
            if day < self.changed_from:
                assert self._answer(person, day) == answer, (person, day)
        self.changed_from = date.max
        days = (self.desk.today - timedelta(days=5), self.desk.today - timedelta(days=40))
        people = self.chance.sample(self.people, k=min(12, len(self.people)))
        self.told = {(one, day): self._answer(one, day) for one in people for day in days}

    def _answer(self, person: PersonId, day: date) -> object:
        told = self.desk.ask(verdict_of, person, day)
        if told is None:
            return None
        return told.answer, told.state, [reason.code for reason in told.reasons], told.to_pay


def rows_of(desk: Desk, statement: str) -> list[Any]:
    with desk.read() as connection:
        return list(connection.exec_driver_sql(statement).all())
