"""The last step of an import, the only one that writes: one work, one act. And taking it back."""

import gc
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from itertools import count

from stepdesk.contributions import service as contributions
from stepdesk.contributions.queries import plans
from stepdesk.contributions.rules import opening_dues, owed_through
from stepdesk.contributions.service import Opening
from stepdesk.contributions.terms import AccountFacts, PlanVersion
from stepdesk.errors import Refusal
from stepdesk.exchange.registers.book import known_of
from stepdesk.exchange.registers.columns import fingerprint
from stepdesk.exchange.registers.guessing import remembered
from stepdesk.exchange.registers.mapping import saved_text, to_json
from stepdesk.exchange.registers.result import judge
from stepdesk.exchange.registers.terms import (
    Choices,
    Correction,
    Field,
    FoundPerson,
    Household,
    Imported,
    Opened,
    PaidRow,
    Result,
    State,
)
from stepdesk.exchange.registers.words import fold
from stepdesk.i18n import N_, Text
from stepdesk.members import service as members
from stepdesk.members.queries import statutes
from stepdesk.members.terms import Birth, Cover, Event, EventKind, NewPerson, Statutes
from stepdesk.payers import queries as payers_queries
from stepdesk.payers import service as payers
from stepdesk.payers.terms import GroupKind
from stepdesk.progress import Progress
from stepdesk.scheme.queries import sections_on
from stepdesk.scheme.service import add_section
from stepdesk.store.work import Work
from stepdesk.values.ids import (
    CoverId,
    EntryId,
    GroupId,
    HouseholdId,
    ImportId,
    PersonId,
    PlanId,
    RequestId,
    SectionId,
)
from stepdesk.values.month import add_months

_PLANS = "SELECT id FROM plan ORDER BY id"
_DEPENDS = (
    "SELECT count(DISTINCT i.household_id) AS count FROM import_row i WHERE i.batch_id = :batch"
    # What was there before the import does not depend on it; nor does what was taken back.
    " AND (EXISTS (SELECT 1 FROM payment p WHERE p.household_id = i.household_id"
    "   AND p.id > :batch AND p.entry_id IS NOT NULL AND p.reverses IS NULL AND NOT EXISTS"
    "   (SELECT 1 FROM payment r WHERE r.reverses = p.id))"
    " OR EXISTS (SELECT 1 FROM claim c WHERE c.person_id = i.person_id AND c.id > :batch)"
    " OR EXISTS (SELECT 1 FROM earning e WHERE e.household_id = i.household_id"
    "   AND e.id > :batch AND e.month >= :month))"
)
_HOMES = "SELECT DISTINCT household_id, row_key, person_id FROM import_row WHERE batch_id = :batch"
_BATCH_NAMED = (
    "SELECT id FROM import_batch WHERE lower(hex(id)) LIKE :start"
    " ORDER BY undone_on IS NOT NULL, id DESC LIMIT 2"
)

UNDONE = N_("The import was undone.")


def bring_in(
    work: Work,
    *,
    opened: Opened,
    choices: Choices,
    doubtful: bool = False,
    corrections: bool = True,
    progress: Progress | None = None,
) -> Imported:
    """Bring in a register: what is good of it, in one act.

    It is judged anew in the same transaction, so that nobody is registered twice. The same file
    again writes only what changed.

    Args:
        work: The work.
        opened: The file.
        choices: What a person decided, or `proposed`.
        doubtful: Bring in also what should be looked at; odd values are then left out.
        corrections: Write changed fields of people the register brought in before.
        progress: Told while it works.

    Raises:
        Refusal: no plan to join, or several and none chosen; nothing is kept.
        Cancelled: when the person asked for it; nothing was written.
    """
    progress = progress or Progress()
    progress.step(0, 0, Text(N_("Comparing with the book")))
    with _uncollected():
        result = judge(opened, choices, known_of(work.connection, work.today))
        writing = _Writing(work, opened, choices, result, doubtful, corrections, progress)
        return writing.run()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: a register makes millions of things, none of them in circles."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@dataclass(slots=True)
class _Writing:
    work: Work
    opened: Opened
    choices: Choices
    result: Result
    doubtful: bool
    corrections: bool
    progress: Progress
    sections: dict[str, SectionId] = field(default_factory=dict)
    versions: tuple[PlanVersion, ...] = ()
    added: int = 0

    def run(self) -> Imported:
        kept = [one for one in self.result.households if self.doubtful or not one.look]
        fixes = self.result.corrections if self.corrections else ()
        payments, links = self.result.payments, self.result.links
        done = counted(self.result, doubtful=self.doubtful, corrections=self.corrections)
        if not (kept or fixes or payments or links):
            return done
        self._read_places()
        brought = self._brought(kept) if kept else []
        batch_id = members.note_batch(self.work, batch=self._batch(done))
        ids = members.add_to_batch(
            self.work, batch_id=batch_id, households=brought, progress=self.progress
        )
        opening, entry_id = self._open(batch_id, kept, brought, ids)
        if payments:
            opening, entry_id = self._pay(batch_id, payments)
        grouped = zip(kept, ids, strict=True)
        self._group({home: one.group for one, home in grouped if one.group and not one.known})
        self._correct(fixes)
        self._note_rows(batch_id, fixes)
        members.seal_batch(self.work, batch_id=batch_id, mapping=self._mapping(entry_id))
        members.keep_mapping(
            self.work,
            header=fingerprint(self.result.table),
            content=saved_text(remembered(self.result.table, self.choices)),
        )
        return replace(
            done,
            batch_id=batch_id,
            households=sum(one.known is None for one in kept),
            persons=sum(len(one.persons) for one in kept),
            sections=self.added,
            corrections=len(fixes),
            opening=opening,
        )

    def _batch(self, done: Imported) -> members.NewBatch:
        return members.NewBatch(
            file=self.opened.name,
            fingerprint=self.opened.fingerprint,
            rows=done.rows,
            taken=done.taken,
            repaired=done.repaired,
            left_out=done.left_out,
            handed_back=done.handed_back,
            mapping="",
        )

    def _mapping(self, entry_id: EntryId | None) -> str:
        told = to_json(self.choices, self.result.table)
        told["repairs"] = {}  # they may hold names; the rows tell what was repaired
        if entry_id is not None:
            told["opening"] = entry_id.hex()
        return json.dumps(told, ensure_ascii=False)

    # Households

    def _brought(self, kept: Sequence[Household]) -> list[members.Brought]:
        plan_id = self._plan()
        self.versions = plans(self.work.connection)[plan_id]
        return [self._one(one, plan_id) for one in kept]

    def _read_places(self) -> None:
        self.sections = {
            fold(one.name): one.id for one in sections_on(self.work.connection, self.work.today)
        }

    def _plan(self) -> PlanId:
        if self.choices.plan_id is not None:
            return self.choices.plan_id
        found = self.work.rows(_PLANS)
        if not found:
            raise Refusal(
                Text(N_("There is no contribution plan to join. Make one first.")), field="plan"
            )
        if len(found) > 1:
            raise Refusal(Text(N_("Choose the contribution plan.")), field="plan")
        return PlanId(found[0].id)

    def _section(self, name: str) -> SectionId:
        told = name or self.choices.section or NO_VILLAGE
        if fold(told) not in self.sections:
            self.sections[fold(told)] = add_section(
                self.work, name=told, first_day=self._first_day
            )
            self.added += 1
        return self.sections[fold(told)]

    @property
    def _first_day(self) -> date:
        days = [one.joined_on for one in self.result.households if one.joined_on]
        return min([self.work.today, *days])

    def _one(self, one: Household, plan_id: PlanId) -> members.Brought:
        joined_on = one.joined_on or self._joined(one)
        return members.Brought(
            section_id=self._section(one.section),
            plan_id=plan_id,
            persons=[_new_person(person) for person in one.persons],
            keys=[person.key for person in one.persons],
            joined_on=min(joined_on, self.work.today),
            counts_from=min(joined_on, self.work.today) if one.opening else None,
            phone=one.phone,
            contact=one.contact,
            address=one.address,
            legacy_number=one.number,
            declared_size=one.size,
            known=one.known,
        )

    def _joined(self, one: Household) -> date:
        """Return the day of joining of a household whose register does not tell it.

        Who paid for a time before that day joined by the first period that is told as paid.
        """
        day = self.choices.joined_on or self.work.today
        through, since = one.opening.last, one.opening.since
        if since is not None:
            return min(since.first, day)
        long_ago = add_months(self.work.today.replace(day=1), -_LONG)
        facts = AccountFacts(long_ago, self.versions, _covers(one.persons, long_ago))
        if through is None and one.opening.arrears is not None:
            arrears = max(one.opening.arrears, 0)
            through = owed_through(facts, arrears=arrears, day=self.work.today)[0]
        if through is None:
            return day
        return min(opening_dues(facts, through=through, day=self.work.today)[0].first_day, day)

    # Openings

    def _open(
        self,
        batch_id: ImportId,
        kept: Sequence[Household],
        brought: Sequence[members.Brought],
        ids: Sequence[HouseholdId],
    ) -> tuple[int, EntryId | None]:
        told = statutes(self.work.connection)
        openings = (
            Opening(
                request_id=_request(batch_id, home),
                household_id=home,
                facts=self._facts(new, told),
                through=one.opening.last,
                arrears=one.opening.arrears,
                fee=one.opening.fee,
            )
            for one, new, home in zip(kept, brought, ids, strict=True)
            if one.opening and one.known is None
        )
        self.progress.step(0, 0, Text(N_("Booking the opening entry")))
        return contributions.bring_in_openings(self.work, openings=openings)

    def _facts(self, new: members.Brought, told: tuple[Statutes, ...]) -> AccountFacts:
        covers = _covers(new.persons, new.joined_on)
        event = Event(EventKind.REGISTERED, new.joined_on, counts_from=new.counts_from)
        return AccountFacts(new.joined_on, self.versions, covers, (event,), statutes=told)

    # Lists of payments

    def _pay(self, batch_id: ImportId, payments: Sequence[PaidRow]) -> tuple[int, EntryId | None]:
        """Write receipts of households that are there, and book them by one opening entry."""
        by_home: dict[HouseholdId, list[PaidRow]] = defaultdict(list)
        for one in payments:
            by_home[one.household_id].append(one)
        members.note_rows(
            self.work,
            batch_id=batch_id,
            rows=((one.key, one.household_id, None) for one in payments),
        )
        return contributions.bring_in_history(
            self.work,
            payments={
                home: [
                    (_request(batch_id, one.key), one.paid_on, one.amount, one.number)
                    for one in sorted(rows, key=lambda one: one.paid_on)
                ]
                for home, rows in by_home.items()
            },
        )

    # Corrections

    def _correct(self, fixes: Sequence[Correction]) -> None:
        persons: dict[PersonId, dict[str, object]] = {}
        homes: dict[HouseholdId, dict[str, object]] = {}
        of: dict[PersonId, HouseholdId] = {}
        groups: dict[HouseholdId, str] = {}
        for one in fixes:
            if one.field is Field.GROUP:
                groups[one.household_id] = str(one.new)
            elif one.field is Field.SECTION:
                self._move(one)
            elif one.person_id is None:
                homes.setdefault(one.household_id, {})[one.field.value] = one.new
            else:
                of[one.person_id] = one.household_id
                persons.setdefault(one.person_id, {}).update(_columns(one))
        self._group(groups)
        members.correct_by_register(
            self.work, persons=persons, households=homes, homes=of, reason=""
        )

    def _move(self, one: Correction) -> None:
        """Let a household that stands move to the village a newer register tells, from today."""
        members.move_section(
            self.work,
            household_id=one.household_id,
            section_id=self._section(str(one.new)),
            on=self.work.today,
        )

    def _note_rows(self, batch_id: ImportId, fixes: Sequence[Correction]) -> None:
        """Write down how rows of people who are there are known from now on."""
        rows: dict[bytes, tuple[bytes, HouseholdId, PersonId | None]] = {}
        for link in self.result.links:
            rows[link.key] = (link.key, link.household_id, link.person_id)
        for one in fixes:
            rows.setdefault(one.key, (one.key, one.household_id, one.person_id or one.who))
        members.note_rows(self.work, batch_id=batch_id, rows=rows.values())

    # Groups

    def _group(self, told: Mapping[HouseholdId, str]) -> None:
        """Put households on the lists of their groups; a group that is new is made."""
        by_group: dict[str, list[HouseholdId]] = defaultdict(list)
        for home, name in told.items():
            by_group[name].append(home)
        if not by_group:
            return
        work = self.work
        known = {
            fold(one.name): one.id
            for one in payers_queries.groups(work.connection, work.today)
            if one.ended_on is None
        }
        for name, homes in by_group.items():
            group_id = known.get(fold(name)) or self._new_group(name)
            payers.place_households(work, group_id=group_id, household_ids=homes, on=work.today)

    def _new_group(self, name: str) -> GroupId:
        people = [
            len(one.persons) for one in self.result.households if fold(one.group) == fold(name)
        ]
        word = "".join(fold(name).upper().split())[:_CODE]
        codes = (word if not at else f"{word}{at + 1}" for at in count())
        connection = self.work.connection
        return payers.add_group(
            self.work,
            code=next(
                one for one in codes if payers_queries.group_of_code(connection, one) is None
            ),
            name=name,
            kind=_kind_of(name),
            people=max(sum(people), 1),
        )


_CODE = 12
"""Signs of a group's code that is made from its name."""

_KINDS = {
    **dict.fromkeys(
        ("gie", "groupement", "cooperative", "coop", "cooperativa"), GroupKind.COOPERATIVE
    ),
    **dict.fromkeys(("femmes", "women", "mulheres"), GroupKind.WOMEN),
    **dict.fromkeys(("ecole", "lycee", "school", "escola"), GroupKind.SCHOOL),
}


def _kind_of(name: str) -> GroupKind:
    """Return what a group's name says it is; it may be changed later."""
    words = fold(name).split()
    return next((_KINDS[one] for one in words if one in _KINDS), GroupKind.ASSOCIATION)


def _columns(one: Correction) -> dict[str, object]:
    if isinstance(one.new, Birth):
        return {"birth": one.new.day, "birth_known": one.new.known}
    return {_COLUMNS[one.field]: one.new}


def _covers(persons: Sequence[FoundPerson | NewPerson], first_day: date) -> tuple[Cover, ...]:
    """Return the covers of persons who are not in the book yet, to reckon with."""
    nobody = (CoverId(b""), HouseholdId(b""), PersonId(b""))
    return tuple(
        Cover(*nobody, at, one.relation, first_day, None, one.birth, one.sex)
        for at, one in enumerate(persons)
        if one.birth is not None and one.sex is not None
    )


_LONG = 48
"""Months before today on which a household joined, when only what it owes is told."""

NO_VILLAGE = "—"
_COLUMNS = {
    Field.SURNAME: "surname",
    Field.GIVEN_NAMES: "given_names",
    Field.SEX: "sex",
    Field.PERSON_NUMBER: "legacy_number",
    Field.OCCUPATION: "occupation",
    Field.BIRTH_PLACE: "birth_place",
    Field.IDENTITY: "identity",
}


def _new_person(one: FoundPerson) -> NewPerson:
    if one.sex is None or one.birth is None:
        raise LookupError("a person without sex or birth is handed back")
    return NewPerson(
        one.surname,
        one.given_names,
        one.sex,
        one.birth,
        one.relation,
        one.number,
        one.occupation,
        one.birth_place,
        one.identity,
    )


def _request(batch_id: ImportId, what: bytes) -> RequestId:
    return RequestId(sha256(b"register|" + batch_id + what).digest()[:16])


def counted(result: Result, *, doubtful: bool, corrections: bool = True) -> Imported:
    """Return the counts of rows of an import; every row of the file is one of the four."""
    rows = len(result.rows)
    taken = result.count(State.TAKEN)
    repaired = result.count(State.REPAIRED)
    look = result.count(State.LOOK)
    if not corrections:
        fixed = {one.at for one in result.corrections}
        repaired -= sum(row.at in fixed and row.state is State.REPAIRED for row in result.rows)
    left = result.count(State.LEFT) + result.count(State.KNOWN)
    back = result.count(State.BACK) + (0 if doubtful else look)
    repaired += look if doubtful else 0
    left += rows - taken - repaired - left - back
    if min(taken, repaired, left, back) < 0 or taken + repaired + left + back != rows:
        raise ValueError("the rows do not add up")
    return Imported(None, rows, taken, repaired, left, back, 0, 0, 0, 0)


# Taking it back


def undo(work: Work, *, batch_id: ImportId, reason: str = "") -> int:
    """Undo an import as a whole; return how many households never were.

    What it changed of people, households, villages and groups that stood before is as it was.
    Villages and groups that it added stay, empty.

    Raises:
        Refusal: there is no such import, it was undone before, money depends on it by now, or
            something of it was changed again since.
    """
    row = members.batch_of(work, batch_id)
    imported_on = date.fromisoformat(row.imported_on)
    depends = work.row(_DEPENDS, batch=batch_id, month=imported_on.isoformat()[:7]).count
    if depends:
        one = N_("{count} household has paid, or had care or a closed month, since: undo is over.")
        many = N_(
            "{count} households have paid, or had care or a closed month, since: undo is over."
        )
        raise Refusal(Text(one, {"count": depends}, plural=many), field="batch")
    told = json.loads(row.mapping)
    entry = bytes.fromhex(told["opening"]) if "opening" in told else None
    rows = work.rows(_HOMES, batch=batch_id)
    requests = {_request(batch_id, one.household_id) for one in rows}
    requests |= {_request(batch_id, one.row_key) for one in rows if one.person_id is None}
    contributions.take_back_openings(
        work,
        requests=sorted(requests),
        entry_id=EntryId(entry) if entry else None,
        reason=reason or UNDONE,
    )
    payers.take_back_places(work, batch_id=batch_id)
    members.take_back_corrections(work, batch_id=batch_id, reason=reason or UNDONE)
    return len(members.take_back_households(work, batch_id=batch_id))


def batch_named(work: Work, told: str) -> ImportId:
    """Return the batch whose id begins so; the last one for `last`.

    Raises:
        Refusal: when there is none, or several begin so.
    """
    start = "" if told == "last" else told.strip().lower()
    found = work.rows(_BATCH_NAMED, start=f"{start}%")
    if not found or (len(found) > 1 and told != "last") or not (start or told == "last"):
        raise Refusal(Text(N_("There is no such import. Check the number.")), field="batch")
    return ImportId(found[0].id)
