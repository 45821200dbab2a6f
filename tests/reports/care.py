"""Claims as the claims room writes them, row by row, for what only reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from stepdesk.benefits.model import service
from stepdesk.claims.model import (
    claim,
    claim_batch,
    claim_decision,
    claim_line,
    line_decision,
    paid_claim,
    provider_payment,
)
from stepdesk.ledger.service import post
from stepdesk.ledger.terms import Journal, Line, Posting
from stepdesk.members.terms import Registered
from stepdesk.providers.model import provider
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import EntryId
from tests.builders import a_request

_serials = count(1)


@dataclass
class Care:
    """A scheme's dealings with one provider: claims are decided and paid by hand-made rows."""

    desk: Desk
    level: str = "CENTRE"
    lines: dict[bytes, dict[str, bytes]] = field(default_factory=dict)
    versions: dict[bytes, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.desk.work("add_provider") as work:
            self.provider_id = work.new_id()
            code = f"{self.level}-{self.provider_id.hex()[-6:]}"
            work.insert(
                provider, id=self.provider_id, code=code, name="Poste", level=self.level,
                kind="PUBLIC",
            )  # fmt: skip

    def claim(
        self,
        home: Registered,
        person: int,
        day: date,
        paid: Mapping[str, int],
        *,
        received: date | None = None,
        outcome: str = "APPROVED",
        imported: bool = False,
        rounding: int = 0,
        **told: str,
    ) -> bytes:
        """Write a claim of one line a category, and decide it on the desk's day."""
        with self.desk.work("take_claim") as work:
            claim_id = self._written(
                work, home, person, day, paid, received or day, imported, told
            )
            self._decided(work, claim_id, paid, outcome, rounding, booked=not imported)
        return claim_id

    def decide(self, claim_id: bytes, paid: Mapping[str, int], outcome: str = "APPROVED") -> None:
        """Write a further decision of a claim."""
        with self.desk.work("decide_claim") as work:
            self._decided(work, claim_id, paid, outcome, 0, booked=True)

    def pay(self, *claims: bytes, amount: int = 1000) -> None:
        """Pay claims to the provider on the desk's day."""
        with self.desk.work("pay_provider") as work:
            total = amount * len(claims)
            entry_id = _post(work, [("provider_payable", total), ("cash_main", -total)])
            payment_id = work.new_id()
            work.insert(
                provider_payment, id=payment_id, request_id=a_request(), year=2024, letter="A",
                serial=next(_serials), provider_id=self.provider_id, day=work.today, box="cash_main",
                amount=total, entry_id=entry_id, paid_by=work.person.staff_id, single_control=1,
            )  # fmt: skip
            for claim_id in claims:
                work.insert(
                    paid_claim, id=work.new_id(), provider_payment_id=payment_id,
                    claim_id=claim_id, amount=amount,
                )  # fmt: skip

    def _written(
        self,
        work: Work,
        home: Registered,
        person: int,
        day: date,
        paid: Mapping[str, int],
        received: date,
        imported: bool,
        told: Mapping[str, str],
    ) -> bytes:
        claim_id, batch_id = work.new_id(), work.new_id()
        serial = next(_serials)
        work.insert(
            claim_batch, id=batch_id, request_id=a_request(), year=2024, letter="A",
            serial=serial, provider_id=self.provider_id, month=str(day)[:7],
            received_on=received, invoice=told.get("invoice", ""), entered_by=work.person.staff_id,
        )  # fmt: skip
        diagnosis = told.get("diagnosis", "")
        work.insert(
            claim, id=claim_id, request_id=a_request(), year=2024, letter="A", serial=serial,
            batch_id=batch_id, person_id=home.person_ids[person], household_id=home.household_id,
            first_day=day, last_day=day, visit="OTHER", referred=0,
            certificate=told.get("certificate", ""), guarantee=told.get("guarantee", ""),
            diagnosis=work.sealed(diagnosis, claim, "diagnosis", claim_id) if diagnosis else None,
            claimed=sum(paid.values()), entered_on=work.today,
            legacy_number="IMIS-1" if imported else None,
        )  # fmt: skip
        lines = self.lines[claim_id] = {}
        for category, amount in paid.items():
            lines[category] = work.new_id()
            work.insert(
                claim_line, id=lines[category], claim_id=claim_id,
                service_id=self._service(work, category), quantity=1, unit_price=amount,
            )  # fmt: skip
        return claim_id

    @staticmethod
    def _service(work: Work, category: str) -> bytes:
        row = work.row("SELECT id FROM service WHERE code = :code", code=category)
        if row is not None:
            found: bytes = row.id
            return found
        made = work.new_id()
        work.insert(service, id=made, code=category, name=category, category=category, unit="ACT")
        return made

    def _decided(
        self,
        work: Work,
        claim_id: bytes,
        paid: Mapping[str, int],
        outcome: str,
        rounding: int,
        *,
        booked: bool,
    ) -> None:
        version = self.versions[claim_id] = self.versions.get(claim_id, 0) + 1
        share = sum(paid.values()) + rounding if outcome == "APPROVED" else 0
        entry_id = None
        if booked and share:
            entry_id = _post(work, [("benefit_tp.OPD", share), ("provider_payable", -share)])
        decision_id = work.new_id()
        work.insert(
            claim_decision, id=decision_id, claim_id=claim_id, version=version,
            decided_on=work.today, outcome=outcome, codes="", paid=share, patient=0, disallowed=0,
            rounding=rounding, entry_id=entry_id, facts="",
        )  # fmt: skip
        for category, amount in paid.items():
            counted = amount if outcome == "APPROVED" else 0
            work.insert(
                line_decision, id=work.new_id(), decision_id=decision_id,
                line_id=self.lines[claim_id][category], quantity=1, approved=counted,
                adjusted=counted, paid=counted, deducted=0, disallowed=0, codes="",
            )  # fmt: skip


def _post(work: Work, moved: list[tuple[str, int]]) -> EntryId:
    lines = tuple(Line(role, amount) for role, amount in moved)
    return post(work, Posting("P07", Journal.BENEFITS, lines), day=work.today)
