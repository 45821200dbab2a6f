"""Reminders as short messages: their words, the gateway's file, and the list for the collector."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from stepdesk.i18n import N_, Text, short_day_text, speak
from stepdesk.paper.sheet import Cell, Listing
from stepdesk.reports.terms import Letter, LetterKind, Reminder
from stepdesk.values.money import Money
from stepdesk.values.sms import GSM7, Length, length_of, plainer

_TITLES = {
    LetterKind.REMINDER: Text(N_("Reminders of arrears")),
    LetterKind.RENEWAL: Text(N_("Reminders of the next contribution")),
    LetterKind.WAITING_OVER: Text(N_("Whose waiting is over")),
}


@dataclass(frozen=True, slots=True)
class Message:
    """A reminder in one language, with how long it is for the network."""

    reminder: Reminder
    words: str
    length: Length


def messages(reminders: Iterable[Reminder], language: str) -> tuple[Message, ...]:
    """Return each reminder in words of a language, fit for any phone where its letters are."""
    return tuple(_message(one, language) for one in reminders)


def _message(reminder: Reminder, language: str) -> Message:
    words = plainer(speak(message_of(reminder.letter, language), language))
    return Message(reminder, words, length_of(words))


def message_of(letter: Letter, language: str) -> Text:
    """Return what a message says; the household by its number, nobody's name, nothing of health.

    Days are figures: the name of a month would cost room, and `août` the whole alphabet.
    """
    known: dict[str, str | date | Money | None] = {
        "scheme": letter.scheme,
        "number": str(letter.number),
        "amount": letter.to_pay,
        "last": letter.tolerated_through,
        "through": letter.covered_through,
        "regular": letter.regular,
        "day": letter.rights_from,
    }
    told = {
        name: short_day_text(value, language) if isinstance(value, date) else value
        for name, value in known.items()
        if value is not None
    }
    match letter.kind:
        case LetterKind.WAITING_OVER:
            return Text(
                N_("{scheme}: the waiting time of {number} is over. Rights are open since {day}."),
                told,
            )
        case LetterKind.RENEWAL:
            return Text(
                N_("{scheme}: {number} is paid until {through}. Next contribution: {regular}."),
                told,
            )
        case LetterKind.REMINDER if letter.suspended or letter.tolerated_through is None:
            return Text(
                N_("{scheme}: {number} has no rights now. Pay {amount} to open them again."), told
            )
        case LetterKind.REMINDER:
            return Text(
                N_("{scheme}: {number} is late. Pay {amount} by {last} to keep your rights."), told
            )


def gateway_csv(told: Iterable[Message]) -> bytes:
    """Return the file a gateway reads: `phone` as the world dials it, `text`; who agreed alone.

    Two columns parted by a comma, UTF-8. It is for a machine: nothing is put before a plus.
    """
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(("phone", "text"))
    for one in told:
        if one.reminder.reachable:
            writer.writerow((one.reminder.phone, one.words))
    return written.getvalue().encode("utf-8")


def reminders_list(
    told: Sequence[Message], *, kind: LetterKind, day: date, whose: str = ""
) -> Listing:
    """Return who must be told, the number to call, the words, and who cannot be sent them.

    `whose` names the section, the group or the collector they are of; everybody when it is empty.
    """
    heads = (
        Text(N_("Section")),
        Text(N_("Member number")),
        Text(N_("Name")),
        Text(N_("Telephone")),
        Text(N_("To pay")),
        Text(N_("Message")),
        Text(N_("Parts")),
        Text(N_("Remark")),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.reminder.letter.section,
            str(one.reminder.letter.number),
            one.reminder.letter.member_name,
            one.reminder.phone,
            one.reminder.letter.asked,
            one.words,
            one.length.parts,
            _remark(one),
        )
        for one in told
    ]
    notes = [Text(N_("As it stands on {day}"), {"day": day})]
    if whose:
        notes.append(Text(N_("Of {names} alone"), {"names": whose}))
    unreachable = sum(not one.reminder.reachable for one in told)
    notes.append(
        Text(
            N_("{count} of {total} cannot be sent a message: visit or call them."),
            {"count": unreachable, "total": len(told)},
        )
    )
    return Listing(_TITLES[kind], tuple(notes), heads, rows)


def _remark(one: Message) -> Cell:
    told = one.reminder
    remarks = (
        (not told.phone, N_("No number")),
        (told.fixed, N_("A fixed line: call it")),
        (not told.consent, N_("Has not agreed to messages")),
        (one.length.alphabet != GSM7, N_("Letters outside the short alphabet: 70 a part")),
    )
    return next((Text(words) for holds, words in remarks if holds), "")
