"""What can be printed for a household, and when it makes sense; drawn on the lane."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.reports.terms import LetterKind
from stepdesk.rights.terms import HouseholdState
from stepdesk.scheme.queries import scheme_on
from stepdesk.store.desk import Desk
from stepdesk.ui.members.facts import File
from stepdesk.values.ids import HouseholdId

_SOON = timedelta(days=30)
_LATE = frozenset({HouseholdState.GRACE, HouseholdState.SUSPENDED})


def _always(_file: File) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of a household.

    Args:
        id: Its name.
        words: What stands in the list.
        use: What it is for.
        draw: Draws it; for the lane.
        offered: Whether it makes sense for this household today.
    """

    id: str
    words: str
    use: str
    draw: Callable[[Desk, HouseholdId], bytes]
    offered: Callable[[File], bool] = _always

    def title(self, file: File) -> Text:
        """Return its name in the viewer."""
        values: dict[str, Value] = {"paper": Text(self.words), "number": str(file.known.number)}
        return Text(N_("{paper} {number}"), values)


def card(desk: Desk, household_id: HouseholdId) -> bytes:
    """Draw a household's card, or the cards of its persons where the statutes say so."""
    from stepdesk.members.papers import card_pdf, cards_pdf
    from stepdesk.members.queries import pictured
    from stepdesk.reports.queries.registers import whole_cards

    language = desk.ask(scheme_on, desk.today).language
    with desk.read() as connection:
        cards = whole_cards(connection, [household_id], desk.today, practice=desk.practice)
        drawn = list(pictured(desk, cards))
    if not drawn:
        raise Refusal(
            Text(
                N_(
                    "Nobody of this household is covered today, so there is no card. Choose another household."
                )
            )
        )
    if len(drawn) == 1:
        return card_pdf(drawn[0], language)
    return cards_pdf(drawn, language)


def form(desk: Desk, household_id: HouseholdId) -> bytes:
    """Draw the membership form (D01) as the household stands today."""
    from stepdesk.members.papers import form_pdf
    from stepdesk.members.queries import membership_form, pictured_form

    scheme = desk.ask(scheme_on, desk.today)
    filled = desk.ask(membership_form, household_id, desk.today)
    if filled is None:
        raise LookupError("no such household")
    drawn = form_pdf(
        pictured_form(desk, filled),
        scheme.language,
        scheme=scheme.name,
        practice=desk.practice,
        printed_on=desk.today,
    )
    desk.note_access("form", household_id, desk.today, "pdf")
    return drawn


def statement(desk: Desk, household_id: HouseholdId) -> bytes:
    """Draw what a household is told of its cover and its money."""
    from stepdesk.reports.papers import statement_pdf
    from stepdesk.reports.queries.registers import statement_of

    language = desk.ask(scheme_on, desk.today).language
    made = desk.ask(statement_of, household_id, desk.today, desk.currency)
    drawn = statement_pdf(made, language, practice=desk.practice, printed_on=desk.today)
    desk.note_access("statement", household_id, desk.today, "pdf")
    return drawn


def _letter(kind: LetterKind) -> Callable[[Desk, HouseholdId], bytes]:
    def draw(desk: Desk, household_id: HouseholdId) -> bytes:
        from stepdesk.reports.papers import letters_pdf
        from stepdesk.reports.queries.registers import letters_of

        scheme = desk.ask(scheme_on, desk.today)
        with desk.read() as connection:
            found = list(
                letters_of(connection, kind, desk.today, desk.currency, ids=[household_id])
            )
        if not found:
            raise Refusal(
                Text(N_("This letter is not due for this household today. Choose another letter."))
            )
        drawn = letters_pdf(found, scheme.language, scheme=scheme.name, practice=desk.practice)
        desk.note_access(f"letters {kind.value}", household_id, desk.today, "pdf")
        return drawn

    return draw


def _is_late(file: File) -> bool:
    return file.state in _LATE


def _ends_soon(file: File) -> bool:
    through = file.account.covered_through
    return through is not None and file.day <= through <= file.day + _SOON


def _waited(file: File) -> bool:
    first = file.account.rights_from
    return first is not None and file.day - _SOON <= first <= file.day


PAPERS = (
    Paper("card", N_("Member's card"), N_("shown at the health centre"), card),
    Paper("form", N_("Membership form (D01)"), N_("signed by the member"), form),
    Paper("statement", N_("Statement"), N_("cover, dues and payments"), statement),
    Paper(
        "reminder",
        N_("Letter: contributions are late"),
        N_("who is late or suspended"),
        _letter(LetterKind.REMINDER),
        _is_late,
    ),
    Paper(
        "renewal",
        N_("Letter: what is paid ends soon"),
        N_("paid for 30 days or less"),
        _letter(LetterKind.RENEWAL),
        _ends_soon,
    ),
    Paper(
        "waiting-over",
        N_("Letter: the waiting period is over"),
        N_("rights opened within 30 days"),
        _letter(LetterKind.WAITING_OVER),
        _waited,
    ),
)
