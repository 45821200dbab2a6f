"""The household in front of the clerk: who it is, what is due and why, what must be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stepdesk.contributions.queries import (
    allotment_of,
    amount_for_periods,
    expected_of,
    without_rule,
)
from stepdesk.contributions.terms import Allotment, Expected, Part, Target
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.rights.queries import household_verdicts
from stepdesk.rights.terms import STATUS_OF, HouseholdState, ReasonCode, Verdict
from stepdesk.store.desk import Desk
from stepdesk.store.work import has_room
from stepdesk.ui import theme
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker
from stepdesk.ui.theme import Dressed
from stepdesk.ui.tokens import Status
from stepdesk.ui.widgets.band import Band, BandWords
from stepdesk.ui.widgets.photo import PhotoCache
from stepdesk.ui.widgets.pill import StatusPill
from stepdesk.ui.widgets.portrait import Portrait
from stepdesk.ui.widgets.words import Shown, Size, Words
from stepdesk.values.ids import HouseholdId
from stepdesk.values.money import Currency, Money
from stepdesk.values.month import Month

_DAY = timedelta(days=1)
_FURTHEST = 12  # periods ahead the Up key goes; the rules end it earlier


@dataclass(frozen=True, slots=True)
class Found:
    """A household as it stands today.

    Args:
        day: The day the money was given: today, or the one that stands on receipts of paper.
        expected: Who it is and what is due.
        status: One of the five words.
        notices: What the clerk must look at before taking money.
        due: Where the money due would go.
        steps: The amounts the Up and Down keys go through, smallest first.
        room: Whether the disk has room for one more receipt.
    """

    day: date
    expected: Expected
    status: Status
    notices: tuple[Text, ...]
    due: Allotment
    steps: tuple[int, ...]
    room: bool = True


def look(desk: Desk, household_id: HouseholdId, paid_on: date | None = None) -> Found:
    """Read all that is shown of a household; what is due is asked for the day of the money."""
    day = paid_on or desk.today
    with desk.read() as connection:
        rule = without_rule(connection).get(household_id)
        if rule is not None:
            raise Refusal(
                Text(
                    N_(
                        "Plan {plan} does not say what is paid. Write its rule on the page Scheme."
                    ),
                    {"plan": rule},
                ),
                field="household",
            )
        expected = expected_of(connection, household_id, day, desk.currency)
        _account, state, verdicts = household_verdicts(connection, household_id, desk.today)
        due = allotment_of(connection, household_id, day, expected.due_now.minor)
        further = [
            amount_for_periods(connection, household_id, day, periods)
            for periods in range(_FURTHEST + 1)
        ]
    return Found(
        day=day,
        expected=expected,
        status=status_of(state),
        notices=tuple(
            _notices(expected, state, next(iter(verdicts.values()), None), paper=day < desk.today)
        ),
        due=due,
        steps=_steps(expected.due_now.minor, due, further),
        room=has_room(desk.folder),
    )


def status_of(state: HouseholdState) -> Status:
    """Return the window's status of a membership's state."""
    return Status[STATUS_OF[state].name]


def _steps(due_now: int, due: Allotment, further: Sequence[int]) -> tuple[int, ...]:
    """Return the amounts of whole periods: fewer than are due, and more."""
    found = {due_now, *(amount for amount in further if amount >= due_now)}
    for part in reversed(due.parts):
        if part.target is Target.DUE:
            due_now -= part.amount
            found.add(due_now)
    return tuple(sorted(amount for amount in found if amount > 0))


def _notices(
    expected: Expected, state: HouseholdState, member: Verdict | None, *, paper: bool
) -> list[Text]:
    told: list[Text] = []
    if expected.paid_today:
        values = {"numbers": ", ".join(expected.paid_today)}
        today = N_("Paid already today: receipt {numbers}.")
        then = N_("Paid already on that day: receipt {numbers}.")
        told.append(Text(then if paper else today, values))
    if status_of(state) is Status.STOPPED:
        told += _why(member)
        told.append(_may_be_taken(expected))
    return told


def _why(member: Verdict | None) -> list[Text]:
    codes = (ReasonCode.RA04, ReasonCode.RA05)
    return [reason.text for reason in (member.reasons if member else ()) if reason.code in codes]


def _may_be_taken(expected: Expected) -> Text:
    account = expected.account
    if not account.to_pay:
        return Text(N_("Nothing is due. Money taken now is only kept as credit."))
    values: dict[str, Value] = {"amount": Money(account.to_pay, expected.due_now.currency)}
    if account.rights_if_paid is None:
        return Text(N_("What may be taken: {amount}."), values)
    text = N_("What may be taken: {amount}; then rights hold from {day}.")
    values["day"] = account.rights_if_paid
    return Text(text, values)


# Sentences


def span(first_day: date, until: date) -> Text:
    """Return a stretch of time: a month, from a month to a month, or from a day to a day."""
    if first_day.day == until.day == 1:
        first, last = Month.of(first_day), Month.of(until - _DAY)
        if first == last:
            return Text("{month}", {"month": first})
        return Text(N_("{first} to {last}"), {"first": first, "last": last})
    return Text(N_("{first} to {last}"), {"first": first_day, "last": until - _DAY})


def together(texts: Sequence[Text], glue: str) -> Text:
    """Return texts in a row; the glue is a message with {one} and {other}."""
    return reduce(lambda one, other: Text(glue, {"one": one, "other": other}), texts)


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the dues in stretches that follow each other."""
    runs: list[list[Part]] = []
    for part in parts:
        if part.target is not Target.DUE or part.due is None:
            continue
        last = runs[-1][-1].due if runs else None
        if last is not None and last.until == part.due.first_day:
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _stretch(run: Sequence[Part]) -> Text:
    first, last = run[0].due, run[-1].due
    if first is None or last is None:
        raise ValueError("a run is of dues")
    return span(first.first_day, last.until)


_BESIDE = {
    Target.ENTRY_FEE: N_("entry fee {amount}"),
    Target.CARD_FEE: N_("card fee {amount}"),
    Target.ASSEMBLY_FEE: N_("assembly fee {amount}"),
    Target.PENALTY: N_("penalty {amount}"),
    Target.ADJUSTMENT: N_("family changed {amount}"),
}


def beside_periods(allotment: Allotment, currency: Currency) -> list[Text]:
    """Return what an allotment pays beside periods: fees, penalties, differences."""
    found: list[Text] = []
    for target, words in _BESIDE.items():
        amount = sum(part.amount for part in allotment.parts if part.target is target)
        if amount:
            found.append(Text(words, {"amount": Money(amount, currency)}))
    return found


def taken_off(allotment: Allotment, currency: Currency) -> Text | None:
    """Return what an allotment costs less because of a discount, and what of that is fees' part."""
    bought = [one.due for one in allotment.parts if one.target is Target.DUE and one.due]
    fresh = [due for due in bought if due.id is None]
    fees = sum(due.fees_discount for due in fresh)
    off = sum(due.discount for due in fresh) + fees
    if not off:
        return None
    values: dict[str, Value] = {"amount": Money(off, currency), "fees": Money(fees, currency)}
    if not fees:
        return Text(N_("discount of {amount} already taken off"), values)
    return Text(N_("discount of {amount} already taken off, {fees} of it on fees"), values)


def made_up(allotment: Allotment, currency: Currency) -> Text | None:
    """Return how an amount due is made up: entry fee 1 000 + October to November 2026 (2 × 700).

    What a discount has taken off, and what credit pays of it, stand behind a comma.
    """
    told = beside_periods(allotment, currency)
    for run in _runs(allotment.parts):
        amounts = {part.amount for part in run}
        if len(run) > 1 and len(amounts) == 1:
            values: dict[str, Value] = {
                "months": _stretch(run),
                "count": str(len(run)),
                "amount": Money(run[0].amount, currency),
            }
            told.append(Text(N_("{months} ({count} × {amount})"), values))
        else:
            told.append(Text("{months}", {"months": _stretch(run)}))
    used = sum(part.amount for part in allotment.parts if part.target is Target.CREDIT)
    if not told:
        return None
    summed = together(told, "{one} + {other}")
    off = taken_off(allotment, currency)
    if off is not None:
        summed = together((summed, off), "{one}, {other}")
    if used >= 0:
        return summed
    less = Text(N_("less {amount} of credit"), {"amount": Money(-used, currency)})
    return together((summed, less), "{one}, {other}")


def covers(allotment: Allotment, currency: Currency) -> Text:
    """Return what an amount would do: covers October to November 2026 · nothing left over."""
    told = beside_periods(allotment, currency)
    runs = [_stretch(run) for run in _runs(allotment.parts)]
    if runs:
        told.append(Text(N_("covers {months}"), {"months": together(runs, "{one}, {other}")}))
    else:
        told.append(Text(N_("covers no month yet")))
    off = taken_off(allotment, currency)
    if off is not None:
        told.append(off)
    left = sum(part.amount for part in allotment.parts if part.target is Target.CREDIT)
    if left > 0:
        kept = N_("{amount} left over, kept as credit")
        told.append(Text(kept, {"amount": Money(left, currency)}))
    elif left < 0:
        told.append(Text(N_("{amount} of credit used"), {"amount": Money(-left, currency)}))
    else:
        told.append(Text(N_("nothing left over")))
    return together(told, "{one} · {other}")


def due_told(found: Found, *, paper: bool = False) -> Text:
    """Return what is due and how it is made up; of paper, on the day that stands on it."""
    expected = found.expected
    what = made_up(found.due, expected.due_now.currency)
    if not expected.due_now or what is None:
        return Text(N_("Nothing is due today."))
    values: dict[str, Value] = {"amount": expected.due_now, "what": what}
    if expected.account.to_pay:
        then = N_("Due on {day} {amount}: {what}")
        today = N_("Due today {amount}: {what}")
        return Text(then if paper else today, values | {"day": found.day})
    through = expected.account.covered_through
    if through is None:
        return Text(N_("Nothing is due today. Next: {amount}, {what}"), values)
    text = N_("Nothing is due today: paid until {day}. Next: {amount}, {what}")
    values["day"] = through
    return Text(text, values)


def last_told(expected: Expected) -> Text:
    """Return the last payment."""
    if expected.last_paid_on is None or expected.last_amount is None:
        return Text(N_("No payment yet."))
    values: dict[str, Value] = {"amount": expected.last_amount, "day": expected.last_paid_on}
    if not expected.last_taken_by:
        return Text(N_("Last payment {amount} on {day}"), values)
    values["name"] = expected.last_taken_by
    return Text(N_("Last payment {amount} on {day} ({name})"), values)


class NoticeBand(Band):
    """Yellow lines: what to look at before going on. Hidden while there is nothing."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(alarm=False)
        self._words = BandWords("", speaker, alarm=False, bold=True)
        self.lines.addWidget(self._words)
        self.hide()

    def show_texts(self, texts: Sequence[Text]) -> None:
        """Show these, or nothing."""
        self._words.say(together(list(texts), "{one}\n{other}") if texts else "")
        self.setVisible(bool(texts))

    def words(self) -> str:
        """Return what it says, or nothing while it is hidden."""
        return "" if self.isHidden() else self._words.text()


class HouseholdView(QWidget, Dressed):
    """Photo, name, number, village, people, status, what is due, the last payment, and notices.

    The face is shown where there is one: people of one name are told apart by it.
    """

    def __init__(self, speaker: Speaker, photos: PhotoCache) -> None:
        super().__init__()
        self.face = Portrait(photos)
        self.face.setProperty("data", True)  # noqa: FBT003 - Qt's setters take no names
        self.face.hide()
        self.name = Shown(size=Size.NAME, bold=True)
        self.pill = StatusPill(speaker)
        self.place = Words("", speaker, wrap=True)
        self.due = Words("", speaker, bold=True, wrap=True)
        self.last = Words("", speaker, muted=True, wrap=True)
        self.notice = NoticeBand(speaker)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.pill)
        self._column = QVBoxLayout()
        self._column.addLayout(head)
        for widget in (self.place, self.due, self.last):
            self._column.addWidget(widget)
        self._beside = QHBoxLayout()
        self._beside.addWidget(self.face, 0, Qt.AlignmentFlag.AlignTop)
        self._beside.addLayout(self._column, 1)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addLayout(self._beside)
        self._whole.addWidget(self.notice)
        self.wear()

    @override
    def dress(self) -> None:
        now = theme.current()
        for layout in (self._column, self._whole):
            layout.setSpacing(now.px(6))
        self._beside.setSpacing(now.px(12))

    def show_found(self, found: Found, *, paper: bool = False) -> None:
        """Show a household; of paper, as it stood on the day that stands on it."""
        expected = found.expected
        self.face.show_face(expected.name, known=expected.photo)
        self.face.setVisible(expected.photo is not None)
        self.name.setText(expected.name)
        self.pill.set_status(found.status)
        values: dict[str, Value] = {
            "number": expected.number,
            "section": expected.section,
            "count": expected.beneficiaries,
        }
        one = N_("Household {number} · {section} · {count} beneficiary")
        many = N_("Household {number} · {section} · {count} beneficiaries")
        self.place.say(Text(one, values, plural=many))
        self.due.say(due_told(found, paper=paper))
        self.last.say(last_told(expected))
        self.notice.show_texts(found.notices)
