"""What the decision of a line keeps only where it is not the usual."""

from stepdesk.benefits.queries import package_of_code
from stepdesk.claims.terms import ClaimFacts, LineDecision
from stepdesk.store.work import Work


def beyond(
    work: Work, line: LineDecision, facts: ClaimFacts | None, *, waits: bool
) -> dict[str, object]:
    """Return the columns a line has beside the usual ones, by name; most lines have none.

    Args:
        work: The work that decides.
        line: What was decided of the line.
        facts: By which; they know the packages by place.
        waits: Whether the claim waits for the index of relative prices.
    """
    told: dict[str, object] = {}
    if line.package and facts is not None:
        told["package_id"] = package_of_code(work.connection, facts.packages[line.package])
    if line.outside:
        told["outside"] = True
    if line.shadow is not None:
        told["shadow"] = line.shadow
    if waits:
        told["valued"] = line.paid
    return told
