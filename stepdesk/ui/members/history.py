"""What the history says: every event and correction in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

from stepdesk.i18n import N_, Text, Value
from stepdesk.members.queries import history_of, name_of, person_names
from stepdesk.members.rules import kept_of
from stepdesk.members.terms import RELATIONS, SEX_WORDS, Event, EventKind
from stepdesk.payers.terms import STEPS, Step
from stepdesk.store.authors import authors_of
from stepdesk.store.desk import Desk
from stepdesk.values.ids import EventId, HouseholdId

_TOLD: dict[EventKind, str] = {
    EventKind.REGISTERED: N_("The household was registered"),
    EventKind.TRANSFERRED_IN: N_("Came from another scheme; waiting counts from {counts}"),
    EventKind.WAITING_WAIVED: N_("No waiting period"),
    EventKind.RESIGNED: N_("The household resigned"),
    EventKind.STRUCK_OFF: N_("The household was struck off"),
    EventKind.EXCLUDED: N_("The household was excluded"),
    EventKind.CLOSED: N_("The membership was closed"),
    EventKind.READMITTED: N_("The household was readmitted"),
    EventKind.SPLIT_FROM: N_("The household came out of another one"),
    EventKind.MERGED_INTO: N_("The household went into another one"),
    EventKind.VOIDED: N_("The import was undone"),
    EventKind.BIRTH: N_("{name} was born"),
    EventKind.MARRIAGE: N_("{name} married into the household"),
    EventKind.JOINED_LATE: N_("{name} joined"),
    EventKind.DEATH: N_("{name} died"),
    EventKind.DIVORCE: N_("{name} was divorced"),
    EventKind.LEFT: N_("{name} left"),
    EventKind.MOVED: N_("The household moved to another village or group"),
    EventKind.HEAD_CHANGED: N_("{name} became the member"),
    EventKind.SPLIT_OFF: N_("Some made a household of their own"),
    EventKind.MERGED_FROM: N_("People of another household came in"),
    EventKind.STUDENT: N_("School certificate of {name}"),
    EventKind.DISABLED: N_("Disability of {name}"),
    EventKind.CATEGORISED: N_("The category changed"),
    EventKind.GROUP_JOINED: N_("The household joined a group"),
    EventKind.GROUP_MOVED: N_("Another place on the group's list"),
    EventKind.GROUP_LEFT: N_("The household left its group"),
    EventKind.SPONSORED: N_("A sponsor for the household"),
    EventKind.CORRECTED: N_("The household was corrected"),
    EventKind.DUPLICATE: N_("{name} was written down twice and made one"),
    EventKind.REVERSED: N_("Something was taken back"),
}
_OF_PERSON = {
    EventKind.CORRECTED: N_("{name} was corrected"),
    EventKind.SPLIT_OFF: N_("{name} went into a household of their own"),
    EventKind.MERGED_FROM: N_("{name} came from another household"),
    EventKind.SPONSORED: N_("A sponsor for {name}"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the history shows it; `undone` when something took it back."""

    event: Event
    name: str
    by: str
    undone: bool

    @property
    def what(self) -> Text:
        """Return what happened, without its day."""
        event = self.event
        values: dict[str, Value] = {
            "name": self.name,
            "counts": event.counts_from or event.effective_on,
        }
        of_person = _OF_PERSON.get(event.kind) if self.name else None
        return Text(of_person or _TOLD[event.kind], values)

    @property
    def whole(self) -> Text:
        """Return what happened, why, on what paper, who wrote it down and when."""
        event = self.event
        values: dict[str, Value] = {"what": self.what, "day": event.effective_on}
        told = Text(N_("{what} on {day}"), values)
        for message, value in (
            (N_("{told}, because: {more}"), event.reason),
            (N_("{told} ({more})"), document_words(event)),
        ):
            if value:
                told = Text(message, {"told": told, "more": value})
        return Text(_recorded(self.by, event.recorded_on), _values(told, self))


_COLUMNS = {
    "surname": N_("family name"),
    "given_names": N_("given names"),
    "sex": N_("sex"),
    "birth": N_("birth"),
    "birth_known": N_("birth known by"),
    "relation": N_("link"),
    "mother_id": N_("mother"),
    "legacy_number": N_("old number"),
    "occupation": N_("occupation"),
    "birth_place": N_("place of birth"),
    "identity": N_("identity paper"),
    "phone": N_("telephone"),
    "address": N_("address"),
    "contact": N_("person to call"),
    "other_cover": N_("other cover"),
    "declared_size": N_("people in the household"),
    "health_post_id": N_("health post"),
    "compound_id": N_("compound"),
    "consent": N_("consent"),
    "consent_on": N_("day of consent"),
    "sms_consent": N_("consent to messages"),
    "sms_consent_on": N_("day of consent to messages"),
}
_CODES = {
    **{one.value: words for one, words in RELATIONS.items()},
    **{one.value: words for one, words in SEX_WORDS.items()},
}


def document_words(event: Event) -> Text | str:
    """Return the paper an event names; what it says of days, places and changes in words."""
    if not event.document:
        return ""
    words = _WORDS.get(event.kind)
    return event.document if words is None else words(event.document)


def _listed(told: list[Text | str]) -> Text | str:
    return (
        reduce(lambda one, other: Text("{one}, {other}", {"one": one, "other": other}), told)
        if told
        else ""
    )


def _changes(document: str) -> Text | str:
    return _listed([_change(part) for part in document.split("; ") if part])


def _cuts(document: str) -> Text | str:
    """Say until when covers had lasted that a merge of two entries cut shorter."""
    told: list[Text | str] = []
    for part in document.split("; "):
        first, _, days = part.partition(": ")
        until, _, cut = days.partition(" > ")
        values: dict[str, Value] = {
            name: date.fromisoformat(day)
            for name, day in (("first", first), ("until", until), ("cut", cut))
        }
        told.append(Text(N_("the cover from {first} to {until} now ends on {cut}"), values))
    return _listed(told)


def _resigned(document: str) -> Text | str:
    return Text(N_("letter of {day}"), {"day": date.fromisoformat(document)})


def _from_to(document: str) -> Text | str:
    former, _, new = (part.strip() for part in document.partition(">"))
    return Text("{former} → {new}", {"former": former or "–", "new": new or "–"})


def _place(document: str) -> Text | str:
    group, _, place = document.rpartition(": ")
    return Text(N_("{group}, place {place}"), {"group": group, "place": place})


def _step(document: str) -> Text | str:
    payer, _, step = document.rpartition(": ")
    return Text(N_("{payer}: {step}"), {"payer": payer, "step": Text(STEPS[Step(step)])})


def _kept(document: str) -> Text | str:
    kept = kept_of(document)
    if kept is None:
        return document
    return Text(N_("paid for to {day}"), {"day": kept.until - timedelta(days=1)})


_WORDS: dict[EventKind, Callable[[str], Text | str]] = {
    EventKind.CORRECTED: _changes,
    EventKind.JOINED_LATE: _changes,
    EventKind.BIRTH: _changes,
    EventKind.MARRIAGE: _changes,
    EventKind.DUPLICATE: _cuts,
    EventKind.RESIGNED: _resigned,
    EventKind.MOVED: _from_to,
    EventKind.CATEGORISED: _from_to,
    EventKind.GROUP_MOVED: _from_to,
    EventKind.GROUP_JOINED: _place,
    EventKind.GROUP_LEFT: _place,
    EventKind.SPONSORED: _step,
    EventKind.SPLIT_FROM: _kept,
    EventKind.REGISTERED: _kept,
}


def _change(part: str) -> Text | str:
    name, colon, rest = part.partition(": ")
    former, arrow, new = rest.partition(" > ")
    if name not in _COLUMNS:
        return part
    label = Text(_COLUMNS[name])
    if not (colon and arrow):
        return label
    values: dict[str, Value] = {"label": label, "former": _spelled(former), "new": _spelled(new)}
    return Text("{label}: {former} → {new}", values)


def _spelled(value: str) -> Text | str:
    if value in _CODES:
        return Text(_CODES[value])
    return value or "–"


def _recorded(by: str, on: date | None) -> str:
    if by and on is not None:
        return N_("{told} — recorded by {by} on {on}.")
    if on is not None:
        return N_("{told} — recorded on {on}.")
    if by:
        return N_("{told} — recorded by {by}.")
    return "{told}."


def _values(told: Text, line: "Line") -> dict[str, Value]:
    values: dict[str, Value] = {"told": told, "by": line.by}
    if line.event.recorded_on is not None:
        values["on"] = line.event.recorded_on
    return values


def history_lines(desk: Desk, household_id: HouseholdId) -> tuple[Line, ...]:
    """Return the history of a household, the latest day first."""
    with desk.read() as connection:
        events = history_of(connection, household_id)
        names = person_names(connection, household_id)
        told = authors_of(connection, [one.id for one in events if one.id is not None])
    undone = {one.reverses for one in events if one.reverses is not None}
    lines = []
    for one in events:
        names_of = names.get(one.person_id) if one.person_id is not None else None
        author = told.get(one.id) if one.id is not None else None
        lines.append(
            Line(
                one,
                name_of(*names_of) if names_of else "",
                author.name if author else "",
                one.id in undone,
            )
        )
    return tuple(reversed(lines))


def find_line(lines: tuple[Line, ...], event_id: EventId | None) -> Line | None:
    return next((one for one in lines if one.event.id == event_id), None)
