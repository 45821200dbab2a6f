"""What is typed and not recorded, in any form of this laptop."""

from stepdesk.contributions.model import draft
from stepdesk.store.work import Work


def drop_draft(work: Work, *, form: str) -> None:
    """Forget what stood in a form by the commit of the work that records it."""
    work.write_derived(draft, "DELETE FROM draft WHERE form = ?", [(form,)])
