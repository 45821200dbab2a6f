"""Reading what openIMIS tells of claims: each as it stands there, never assessed again.

Nothing here touches the book. The files may be missing from an export; a claim with a line that
cannot be carried over is left out whole, for without it it would be another claim.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from stepdesk.claims.terms import Assessment, Cut, LineDecision, Outcome, Visit
from stepdesk.exchange.openimis_care_files import Care
from stepdesk.exchange.openimis_register_files import ITEMS, SERVICES
from stepdesk.exchange.openimis_rows import (
    Left,
    Reading,
    Row,
    amount_of,
    day_of,
    once,
    read_file,
    whole_of,
)
from stepdesk.exchange.terms import LeftOut
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.terms import ReasonCode
from stepdesk.values.money import MOST, Money

CLAIMS, CLAIM_ITEMS, CLAIM_SERVICES = "claims.csv", "claim_items.csv", "claim_services.csv"
STORED = "claim_dedrem.csv"

_ICD = ("icd", "icd1", "icd2", "icd3", "icd4")
_LINE = (
    "claim_id",
    "code",
    "status",
    "QtyProvided",
    "QtyApproved",
    "PriceAsked",
    "PriceAdjusted",
    "PriceApproved",
    "PriceValuated",
    "RejectionReason",
    "DeductableAmount",
    "ExceedCeilingAmount",
    "RemuneratedAmount",
)
CLAIM_FILES: Mapping[str, tuple[str, ...]] = {
    CLAIMS: (
        "claim_id",
        "claim_code",
        "chf_id",
        "hf_code",
        "date_from",
        "date_to",
        "date_claimed",
        *_ICD,
        "visit_type",
        "status",
        "claimed",
        "approved",
        "date_processed",
    ),
    CLAIM_ITEMS: _LINE,
    CLAIM_SERVICES: _LINE,
    STORED: ("claim_id", "ded_g", "rem_g"),
}
"""The files of claims, with the columns that are read; each of them may be missing."""

# Told by other columns.
CLAIMS_ALSO_TOLD: Mapping[str, tuple[str, ...]] = {
    CLAIMS: ("guarantee_id", "process_stamp"),
    CLAIM_ITEMS: ("claim_code",),
    CLAIM_SERVICES: ("claim_code",),
    STORED: ("policy_id", "chf_id"),
}

_AHEAD = N_("{day} is still ahead.")


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line under the service's code of the book; `decided` is None when nothing was."""

    code: str
    quantity: int
    unit_price: int
    decided: LineDecision | None


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim as it stands there; `code` is the number people know.

    `notes` tell what is not carried over as it stood there, once the claim itself is.
    """

    id: str
    code: str
    person: str
    facility: str
    first_day: date
    last_day: date
    claimed_on: date
    visit: Visit
    diagnosis: str
    guarantee: str
    lines: tuple[StoredLine, ...]
    outcome: Outcome | None
    decided_on: date
    notes: tuple[LeftOut, ...] = ()

    @property
    def claimed(self) -> int:
        return sum(line.quantity * line.unit_price for line in self.lines)

    @property
    def decided(self) -> Assessment | None:
        """What was decided there; the patient bears what neither scheme nor provider do."""
        if self.outcome is None:
            return None
        lines = tuple(line.decided for line in self.lines if line.decided is not None)
        paid = sum(line.paid for line in lines)
        disallowed = sum(line.over for line in lines)
        return Assessment(
            outcome=self.outcome,
            lines=lines,
            claimed=self.claimed,
            paid=paid,
            patient=self.claimed - paid - disallowed,
            disallowed=disallowed,
            codes=tuple(dict.fromkeys(code for line in lines for code in line.codes)),
        )


@dataclass(frozen=True, slots=True)
class Consumed:
    """What openIMIS keeps as used up by a claim, beside its lines; minor units."""

    claim_id: str
    paid: int
    deducted: int


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims that can be carried over, and what is kept of all as used up, in file order."""

    claims: tuple[StoredClaim, ...] = ()
    consumed: tuple[Consumed, ...] = ()


def read_claims(reading: Reading, folder: Path, care: Care) -> Claims:
    """Read and check the files of claims.

    Args:
        reading: What is left out is added to it.
        folder: Where the files lie.
        care: The services that are carried over.

    Raises:
        Refusal: a column missing, a file that is not UTF-8 or not CSV.
        Trouble: when a file cannot be read.
    """
    for name, columns in CLAIM_FILES.items():
        there = (folder / name).is_file()
        rows = read_file(folder, name, reading, needed=columns) if there else ()
        reading.files[name] = list(rows)
    lines = _lines(reading)
    codes = {(one.file, one.key): one.code for one in care.services}
    found = tuple(_claims(reading, lines, codes))
    return Claims(found, tuple(_consumed(reading)))


_Lines = Mapping[str, list[tuple[str, Row]]]


def _lines(reading: Reading) -> _Lines:
    """Return the lines by claim, items before services, each with the register it is of."""
    known = {row["claim_id"] for row in reading.files[CLAIMS]}
    found: dict[str, list[tuple[str, Row]]] = {}
    for file, register in ((CLAIM_ITEMS, ITEMS), (CLAIM_SERVICES, SERVICES)):
        for row in reading.files[file]:
            if row["claim_id"] in known:
                found.setdefault(row["claim_id"], []).append((register, row))
            else:
                told: dict[str, Value] = {"told": row["claim_id"] or "—"}
                reason = Text(N_("There is no claim {told} in the files."), told)
                reading.leave(file, row["claim_id"], reason, what=row["code"])
    return found


def _claims(
    reading: Reading, lines: _Lines, codes: Mapping[tuple[str, str], str]
) -> Iterator[StoredClaim]:
    seen: set[str] = set()
    for row in once(reading, CLAIMS, "claim_id"):
        code = row["claim_code"]
        try:
            if not code or code in seen:
                raise Left(N_("No claim code, or one that another claim has."))
            yield _Claim(reading, row).read(lines.get(row["claim_id"], ()), codes)
        except Left as left:
            reading.leave(CLAIMS, code or row["claim_id"], left.text)
        seen.add(code)


_OUTCOMES = {
    "1": Outcome.REJECTED,
    "2": None,
    "4": None,
    "8": Outcome.APPROVED,
    "16": Outcome.APPROVED,
}
_VISITS = {"O": Visit.OTHER, "R": Visit.REFERRAL, "E": Visit.EMERGENCY, "": Visit.OTHER}
_PASSED, _REFUSED = "1", "2"

# Source: domain handbook 2.13, last column, and peer handbook 3.2. Where several codes of ours
# answer one of theirs, none is guessed: 7 is anything about the cover, 9 anything about dates.
_REASONS = {
    "1": ReasonCode.RB01,
    "2": ReasonCode.RT01,
    "3": ReasonCode.RB01,
    "4": ReasonCode.RB09,
    "5": ReasonCode.RC01,
    "6": ReasonCode.RA07,
    "10": ReasonCode.RB08,
    "11": ReasonCode.RC01,
    "12": ReasonCode.RC01,
    "13": ReasonCode.RC01,
    "14": ReasonCode.RC01,
    "15": ReasonCode.RC01,
    "17": ReasonCode.RB03,
    "19": ReasonCode.RC01,
}


@dataclass(slots=True)
class _Claim:
    """A claim while it is read."""

    reading: Reading
    row: Row
    notes: list[LeftOut] = field(default_factory=list)
    unnamed: Counter[str] = field(default_factory=Counter)
    still_open: int = 0
    more_than_asked: int = 0

    def read(
        self, lines: Iterable[tuple[str, Row]], codes: Mapping[tuple[str, str], str]
    ) -> StoredClaim:
        """Return the claim.

        Raises:
            Left: when it cannot be carried over.
        """
        row = self.row
        if row["status"] not in _OUTCOMES:
            raise Left(N_("Its status is not known here: {told}."), told=row["status"] or "—")
        outcome = _OUTCOMES[row["status"]]
        first, last, claimed_on, decided_on = self._days()
        read = tuple(self._line(register, one, codes, outcome) for register, one in lines)
        if not read:
            raise Left(N_("The claim has no line."))
        found = StoredClaim(
            id=row["claim_id"],
            code=row["claim_code"],
            person=row["chf_id"],
            facility=row["hf_code"],
            first_day=first,
            last_day=last,
            claimed_on=claimed_on,
            visit=_VISITS.get(row["visit_type"], Visit.OTHER),
            diagnosis=", ".join(row[name] for name in _ICD if row[name]),
            guarantee=row.get("guarantee_id", ""),
            lines=read,
            outcome=outcome,
            decided_on=decided_on,
        )
        if found.claimed > MOST:
            raise Left(N_("{told} is more than an amount can be."), told=row["claimed"])
        self._note(found)
        return replace(found, notes=tuple(self.notes))

    def _days(self) -> tuple[date, date, date, date]:
        """Return first and last day of care, the day it was handed in, the day of the decision."""
        row = self.row
        first = day_of(row["date_from"])
        last = day_of(row["date_to"]) if row["date_to"] else first
        claimed_on = day_of(row["date_claimed"]) if row["date_claimed"] else last
        told = row["date_processed"] or row.get("process_stamp", "")[:10]
        decided_on = day_of(told) if told else claimed_on
        if last < first:
            raise Left(N_("The care ends before it begins."))
        ahead = max(last, claimed_on, decided_on)
        if ahead > self.reading.today:
            raise Left(_AHEAD, day=ahead)
        return first, last, claimed_on, decided_on

    def _line(
        self,
        register: str,
        row: Row,
        codes: Mapping[tuple[str, str], str],
        outcome: Outcome | None,
    ) -> StoredLine:
        code = codes.get((register, row["code"]))
        if code is None:
            raise Left(
                N_("{told} is not in the register of services and items."), told=row["code"] or "—"
            )
        try:
            quantity = whole_of(row["QtyProvided"])
            if not quantity:
                raise Left(N_("The line has no quantity."))
            price = amount_of(row["PriceAsked"], self.reading.currency)
            decided = None
            if outcome is not None:
                decided = self._decided(row, quantity, price, outcome)
        except Left as left:
            raise Left("{service}: {fault}", service=row["code"], fault=left.text) from None
        return StoredLine(code, quantity, price, decided)

    def _decided(self, row: Row, quantity: int, price: int, outcome: Outcome) -> LineDecision:
        """Return a line as it was valued there.

        `PriceAdjusted` is the unit price it counted at. Source: peer handbook 3.4.
        """
        if row["status"] not in {_PASSED, _REFUSED}:
            raise Left(N_("Its status is not known here: {told}."), told=row["status"] or "—")
        claimed = quantity * price
        if row["status"] == _REFUSED or outcome is Outcome.REJECTED:
            return self._refused(row["RejectionReason"], claimed)
        approved_quantity = whole_of(row["QtyApproved"])
        counted = quantity if approved_quantity is None else approved_quantity
        unit = self._amount(row, "PriceAdjusted", "PriceApproved", "PriceAsked") or 0
        paid = self._amount(row, "RemuneratedAmount", "PriceValuated")
        self.still_open += paid is None
        paid = paid or 0
        deducted = self._amount(row, "DeductableAmount") or 0
        adjusted = paid + (self._amount(row, "ExceedCeilingAmount") or 0)
        above = max(price - unit, 0) * quantity
        over = min(above, claimed - paid)
        self.more_than_asked += paid > claimed
        cuts = [Cut(ReasonCode.RT02, above, unit)] if above else []
        cuts += [Cut(ReasonCode.RD01, deducted)] if deducted else []
        return LineDecision(
            quantity=counted,
            priced=unit,
            claimed=claimed,
            approved=counted * unit,
            adjusted=adjusted,
            paid=paid,
            deducted=deducted,
            member=counted * unit - deducted - adjusted,
            over=over,
            cuts=tuple(cuts),
        )

    def _refused(self, told: str, claimed: int) -> LineDecision:
        """Return a refused line; only what was claimed twice is the provider's loss."""
        reason = _REASONS.get(told)
        if reason is None:
            self.unnamed[told or "—"] += 1
        over = claimed if reason is ReasonCode.RA07 else 0
        cuts = () if reason is None else (Cut(reason, claimed),)
        return LineDecision(0, 0, claimed, 0, 0, 0, 0, 0, over, cuts)

    def _amount(self, row: Row, *columns: str) -> int | None:
        """Return the first of these columns that tells an amount."""
        told = next((row[column] for column in columns if row[column]), None)
        return None if told is None else amount_of(told, self.reading.currency)

    def _note(self, found: StoredClaim) -> None:
        """Tell what the book says otherwise than the claim's row and its lines did."""
        if found.outcome is None:
            self._say(
                N_(
                    "Not decided there: kept as history without a decision; what a reviewer approved stays"
                    " there."
                )
            )
        if self.row["visit_type"] not in _VISITS:
            self._say(N_("How the patient came is not known here: kept as other."))
        for told, count in sorted(self.unnamed.items()):
            self._say(
                N_("Lines refused for a reason the book has no code for ({told}): {count}."),
                told=told,
                count=count,
            )
        if self.still_open:
            self._say(
                N_("Lines whose amount was still open, kept as paid with nothing: {count}."),
                count=self.still_open,
            )
        if self.more_than_asked:
            self._say(
                N_("Lines paid with more than was asked: {count}."), count=self.more_than_asked
            )
        self._compare("claimed", found.claimed)
        decided = found.decided
        if decided is not None:
            self._compare("approved", sum(line.approved for line in decided.lines))

    def _compare(self, column: str, lines: int) -> None:
        told = self.row[column]
        if not told:
            return
        try:
            same = amount_of(told, self.reading.currency) == lines
        except Left:
            same = False
        if not same:
            self._say(
                N_("{column} says {told}, the lines come to {lines}: the lines were taken."),
                column=column,
                told=told,
                lines=Money(lines, self.reading.currency),
            )

    def _say(self, reason: str, **values: Value) -> None:
        self.notes.append(LeftOut(CLAIMS, self.row["claim_code"], Text(reason, values)))


def _consumed(reading: Reading) -> Iterator[Consumed]:
    for row in reading.files[STORED]:
        try:
            yield Consumed(
                row["claim_id"],
                *(amount_of(row[name] or "0", reading.currency) for name in ("rem_g", "ded_g")),
            )
        except Left as left:
            reading.leave(STORED, row["claim_id"], left.text)
