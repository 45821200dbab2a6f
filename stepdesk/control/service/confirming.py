"""Verbs of visits to confirm: drawn, called, answered. Source: advice handbook 2.8."""

from stepdesk.control import queries, rules
from stepdesk.control.model import visit_answer, visit_asked, visit_list
from stepdesk.control.terms import VisitAnswer, VisitList
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Desk
from stepdesk.store.work import Work
from stepdesk.values.ids import ProviderId, RequestId, VisitId, VisitListId
from stepdesk.values.month import Month

_MOST_MONTHS = 12
_MOST_SEED = (1 << 63) - 1


def draw_visits(
    work: Work,
    *,
    request_id: RequestId,
    month: Month,
    months: int = 1,
    provider_id: ProviderId | None = None,
    seed: int | None = None,
) -> VisitListId:
    """Draw the visits of some months that are asked about by telephone; the same request is one list.

    Those a flag puts first, as many as the country says, and the others by chance, each age in its
    share; the seed is kept and draws them again. What was asked about before is left out.

    Args:
        work: The work.
        request_id: Made by the form.
        month: The last month.
        months: How many months end with it, 1 to 12.
        provider_id: Of one provider alone.
        seed: What chance begins with, from 0 to 2**63 - 1; made by the work when None.

    Raises:
        Refusal: a month that has not begun, no such number of months or seed, or no visit is left.
    """
    done = work.row("SELECT id FROM visit_list WHERE request_id = :id", id=request_id)
    if done is not None:
        return VisitListId(done.id)
    _check(work, month, months, seed)
    limits = rules.thresholds_on(work.country, work.today)
    found = queries.candidates(work.connection, month, months, provider_id)
    asked = queries.asked_before(work.connection)
    begin = int.from_bytes(work.new_id()[8:], "big") >> 1 if seed is None else seed
    drawn = rules.draw(
        found, seed=begin, visits=limits.visits, ranked=limits.visits_ranked, asked=asked
    )
    if not drawn:
        raise Refusal(
            Text(
                N_("No visit of {month} is left to be asked about. Choose another month."),
                {"month": month},
            ),
            field="month",
        )
    list_id = VisitListId(work.new_id())
    work.insert(
        visit_list,
        id=list_id,
        request_id=request_id,
        month=month,
        months=months,
        provider_id=provider_id,
        day=work.today,
        staff_id=work.person.staff_id,
        seed=begin,
        drawn_from=sum(one.claim_id not in asked for one in found),
    )
    for place, one in enumerate(drawn, start=1):
        work.insert(
            visit_asked,
            id=work.new_id(),
            list_id=list_id,
            place=place,
            claim_id=one.claim_id,
            by_chance=one.by_chance,
        )
    return list_id


def _check(work: Work, month: Month, months: int, seed: int | None) -> None:
    if month.first > work.today:
        raise Refusal(
            Text(N_("{month} has not begun. Choose a month with care."), {"month": month}),
            field="month",
        )
    if not 1 <= months <= _MOST_MONTHS:
        raise Refusal(Text(N_("Choose 1 to 12 months.")), field="months")
    if seed is not None and not 0 <= seed <= _MOST_SEED:
        raise Refusal(
            Text(
                N_("Type the seed as a whole number from 0 to {most}."), {"most": str(_MOST_SEED)}
            ),
            field="seed",
        )


def answer_visit(work: Work, *, visit_id: VisitId, answer: VisitAnswer, note: str = "") -> None:
    """Write what was said when a visit was asked about; the latest answer counts.

    Raises:
        LookupError: when there is no such visit.
        Refusal: not confirmed, or another answer than before, without a note.
    """
    before = work.row(
        "SELECT v.id, (SELECT answer FROM visit_answer WHERE visit_id = v.id"
        " ORDER BY id DESC LIMIT 1) AS answer FROM visit_asked v WHERE v.id = :id",
        id=visit_id,
    )
    if before is None:
        raise LookupError("no such visit")
    changes = before.answer not in {None, VisitAnswer.NOT_REACHED.value, answer.value}
    if not note.strip() and (answer is VisitAnswer.NOT_CONFIRMED or changes):
        raise Refusal(Text(N_("Write what was said.")), field="note")
    work.insert(
        visit_answer,
        id=work.new_id(),
        visit_id=visit_id,
        answer=answer,
        day=work.today,
        staff_id=work.person.staff_id,
        note=note.strip(),
    )


def visits_to_call(desk: Desk, list_id: VisitListId) -> VisitList:
    """Return a list with names and telephones, and note in the access log that they were taken out.

    What is printed of it is `papers.call_sheet_pdf`.
    """
    told = desk.ask(queries.visit_list_of, list_id)
    desk.note_access("call sheet", list_id, desk.today, f"{len(told.visits)} visits")
    return told
