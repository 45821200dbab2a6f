"""Giving out cards: a new version makes the one before it old, so that a lost card is known."""

from collections.abc import Iterator, Sequence
from typing import Any

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.members.model import card_issue
from stepdesk.members.queries import card_versions, statutes
from stepdesk.members.rules import statutes_on
from stepdesk.members.terms import CardIssue
from stepdesk.progress import Progress
from stepdesk.store.work import Work
from stepdesk.values.ids import HouseholdId, PersonId

_STEP = 500
_COVERED = (
    "SELECT c.household_id, c.person_id FROM cover c WHERE c.first_day <= :day"
    " AND (c.until IS NULL OR c.until > :day) ORDER BY c.household_id, c.suffix"
)


def issue_cards(
    work: Work,
    *,
    household_ids: Sequence[HouseholdId],
    reason: str,
    progress: Progress | None = None,
) -> tuple[CardIssue, ...]:
    """Note that these households are given a new card, each one version higher than the last.

    Where the statutes give each person a card, every covered person gets one; a household of
    which nobody is covered gets none.

    Args:
        work: The work.
        household_ids: Whose cards, in any order.
        reason: Why: first card, lost, worn out, changed; never empty.
        progress: Stepped now and then.

    Raises:
        Refusal: when no reason is given, or none of the households has a covered person.
    """
    if not reason.strip():
        raise Refusal(Text(N_("Say why the card is given out.")), field="reason")
    whose = _whose(work, household_ids)
    if not whose:
        raise Refusal(
            Text(
                N_(
                    "Nobody of this choice is covered today, so there is no card. Choose other households."
                )
            ),
            field="household_ids",
        )
    versions = card_versions(work.connection)
    issues = tuple(
        CardIssue(household_id, person_id, versions.get((household_id, person_id), 0) + 1)
        for household_id, person_id in whose
    )
    work.insert_many(card_issue, _rows(work, issues, reason.strip(), progress or Progress()))
    return issues


def _whose(
    work: Work, household_ids: Sequence[HouseholdId]
) -> list[tuple[HouseholdId, PersonId | None]]:
    each = statutes_on(statutes(work.connection), work.today).card_per_person
    covered: dict[HouseholdId, list[PersonId]] = {}
    wanted = frozenset(household_ids)
    for row in work.rows(_COVERED, day=work.today.isoformat()):
        if row.household_id in wanted:
            covered.setdefault(HouseholdId(row.household_id), []).append(PersonId(row.person_id))
    told = [one for one in dict.fromkeys(household_ids) if one in covered]
    if not each:
        return [(one, None) for one in told]
    return [(one, person) for one in told for person in covered[one]]


def _rows(
    work: Work, issues: Sequence[CardIssue], reason: str, progress: Progress
) -> Iterator[dict[str, Any]]:
    for at, issue in enumerate(issues):
        if not at % _STEP:
            progress.step(at, len(issues), Text(N_("Noting the cards")))
        yield {
            "id": work.new_id(),
            "household_id": issue.household_id,
            "person_id": issue.person_id,
            "version": issue.version,
            "issued_on": work.today,
            "reason": reason,
        }
