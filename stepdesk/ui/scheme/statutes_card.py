"""What the statutes say of persons and households: each parameter as a sentence of the clerk."""

from dataclasses import asdict, replace
from datetime import date

from PySide6.QtCore import Signal

from stepdesk.errors import Caution, Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.terms import RELATIONS, AgeOut, PolygamyMode, Relation, Statutes
from stepdesk.ui.members.ask_form import AskForm
from stepdesk.ui.members.asks import Ask, Choices, Kind
from stepdesk.ui.speech import Speaker
from stepdesk.ui.widgets.band import CautionBand
from stepdesk.ui.widgets.buttons import MainButton
from stepdesk.ui.widgets.card import Card
from stepdesk.ui.widgets.words import Words

_YES_NO: Choices = ((True, Text(N_("yes"))), (False, Text(N_("no"))))


def _number(name: str, label: str, hint: str, *, needed: bool = True) -> Ask:
    return Ask(name, label, Kind.NUMBER, hint=hint, needed=needed, width=100)


def _one(name: str, label: str, hint: str = "", width: int = 380) -> Ask:
    return Ask(name, label, Kind.ONE, hint=hint, width=width)


PERSONS = (
    _number(
        "student_max_age",
        N_("Students are covered until they turn"),
        N_(
            "Years; with a certificate of the school year. The limit of other children stands in the plan."
        ),
    ),
    _one("age_out_rule", N_("Cover of a child past the limit ends")),
    _number(
        "age_warning_days",
        N_("The desk warns before a child is too old"),
        N_("Days before"),
    ),
    _number(
        "own_membership_days",
        N_("A child too old may become a member without waiting, within"),
        N_("Days after the limit"),
    ),
    _number(
        "spouse_declare_days",
        N_("A spouse told in time has no waiting; in time is within"),
        N_("Days after the marriage"),
    ),
    _number(
        "added_dependant_waiting",
        N_("Who joins later waits"),
        N_("Months; left empty: as long as the plan says"),
        needed=False,
    ),
    _number(
        "replacement_months",
        N_("Nobody may take the place of somebody who left, for"),
        N_("Months; births, deaths and marriages are free. 0 lets it be."),
    ),
    Ask(
        "allowed_relations",
        N_("Who may be covered besides the member"),
        Kind.SEVERAL,
    ),
    _one("polygamy_mode", N_("A man with several wives")),
)
HOUSEHOLDS = (
    _number(
        "completeness_min",
        N_("Of those who live in the household, at least so many are registered"),
        N_("Percent; 0 asks nothing"),
    ),
    _one(
        "completeness_blocks",
        N_("With fewer, registering is refused"),
        N_("No: the desk only asks for a reason"),
    ),
    _number(
        "max_beneficiaries",
        N_("A household has at most"),
        N_("People; left empty: no limit"),
        needed=False,
    ),
    _one("readmission_fee", N_("Who comes back pays the entry fee again")),
    _number(
        "readmission_delay_months",
        N_("Who left may come back after"),
        N_("Months; 0 is at once"),
    ),
    _number(
        "transfer_break_days",
        N_("Waiting served in another scheme counts when the break was at most"),
        N_("Days"),
    ),
    _number(
        "group_leave_days",
        N_("Who leaves a group has no new waiting when joining alone within"),
        N_("Days"),
    ),
    _number(
        "appeal_days",
        N_("Who is excluded may appeal within"),
        N_("Days"),
    ),
    _one(
        "card_per_person",
        N_("Each person has a card of their own"),
        N_("No: one card a household"),
    ),
    Ask(
        "first_day",
        N_("All of this holds from"),
        Kind.DAY,
        hint=N_("What held before stays as it was."),
        width=140,
    ),
)
_CHOICES: dict[str, Choices] = {
    "age_out_rule": (
        (AgeOut.BIRTHDAY, Text(N_("on the birthday"))),
        (AgeOut.YEAR_END, Text(N_("at the end of the year"))),
    ),
    "polygamy_mode": (
        (PolygamyMode.ONE_MEMBERSHIP, Text(N_("is one membership"))),
        (PolygamyMode.ONE_PER_WIFE, Text(N_("one for each wife"))),
    ),
    "completeness_blocks": _YES_NO,
    "readmission_fee": _YES_NO,
    "card_per_person": _YES_NO,
    "allowed_relations": tuple(
        (one, Text(words)) for one, words in RELATIONS.items() if one is not Relation.SELF
    ),
}


class StatutesCard(Card):
    """All parameters with what holds now; saving writes a new version from its first day on.

    Signals:
        wanted: A `Statutes` is to hold from its first day on; the names of the doubts that were
            accepted (a frozenset), and the reason.
    """

    wanted = Signal(object, object, str)

    def __init__(self, speaker: Speaker, today: date) -> None:
        super().__init__(N_("Statutes: persons and households"), speaker, margin=16)
        self._busy = False
        self._held = Statutes()
        self.since = Words("", speaker, muted=True, wrap=True)
        self.form = AskForm(speaker, today, (PERSONS, HOUSEHOLDS), _CHOICES)
        self.button = MainButton(N_("Keep as a new version"), speaker)
        self.body.addWidget(self.since)
        self.body.addWidget(self.form)
        self.caution = CautionBand(speaker)
        self.body.addWidget(self.caution)
        self.body.addWidget(self.button)
        self.caution.accepted.connect(self._send)
        self.button.clicked.connect(self.send)
        self.form.entered.connect(self.button.setFocus)

    def show_statutes(self, held: Statutes, coming: Statutes | None, proposed: date) -> None:
        """Show what holds now, and from when the next version is proposed to hold."""
        self._held = held
        self._busy = False
        self.caution.hide()
        if coming is not None:
            told = Text(N_("A later version holds from {day} on."), {"day": coming.first_day})
        elif held.first_day == date.min:
            told = Text(
                N_("The scheme has not written its own statutes yet: these are proposals.")
            )
        else:
            told = Text(N_("These hold since {day}."), {"day": held.first_day})
        self.since.say(told)
        self.form.put({**_values_of(held), "first_day": proposed})

    def send(self) -> None:
        """Keep what the form says."""
        self._send(frozenset(), "")

    def _send(self, accepting: frozenset[str], reason: str) -> None:
        self.caution.hide()
        values = None if self._busy else self.form.values()
        if values is None:
            return
        relations = frozenset({*values.pop("allowed_relations"), Relation.SELF})
        self._busy = True
        wanted = replace(self._held, allowed_relations=relations, **values)
        self.wanted.emit(wanted, accepting, reason)

    def free(self) -> None:
        """Let the form be sent again."""
        self._busy = False

    def doubt(self, caution: Caution) -> None:
        """Show what is doubted, and wait for a reason."""
        self._busy = False
        self.caution.show_caution(caution)

    def refuse(self, refusal: Refusal) -> None:
        """Show beside its field why the rules say no."""
        self._busy = False
        self.form.refuse(refusal)


def _values_of(held: Statutes) -> dict[str, object]:
    return asdict(held)
