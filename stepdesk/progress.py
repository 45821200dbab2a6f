"""How far long work is, for whoever waits. No window here."""

from stepdesk.errors import Cancelled
from stepdesk.i18n import Text


class Progress:
    """What a long verb tells while it works; the window and the command line show it."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self.cancelled = True

    def step(self, done: int, total: int, text: Text | None = None) -> None:
        """Tell how much is done.

        Args:
            done: Finished pieces, 0 to total.
            total: All pieces, or 0 while nobody knows.
            text: What is being done now.

        Raises:
            Cancelled: when the person asked for it; the transaction then rolls back.
        """
        del done, total, text
        if self.cancelled:
            raise Cancelled
