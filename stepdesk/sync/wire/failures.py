"""What can be wrong with a file that came, each with what to do. Nothing is read half."""

from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text


class WireError(Refusal):
    """A file was refused as a whole; `code` is stable, the text is for people."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text)
        self.code = code


_TEXTS = {
    "not_stepdesk": N_(
        "This is not a file of StepDesk. Choose the file that was made for sending: "
        "its name ends in .sdb or .sdr."
    ),
    "not_a_card": N_(
        "This is not the card of a branch. Choose the file branch-card.json that the branch gave."
    ),
    "other_kind": N_(
        "This is a StepDesk file, but not of the kind that is read here. "
        "A bundle ends in .sdb and goes to the branch; a receipt ends in .sdr and goes to the desk."
    ),
    "too_large": N_(
        "This file is too large to be a return or a receipt. Nothing was read. "
        "Ask for it to be made again."
    ),
    "too_new": N_(
        "This file was written by a newer StepDesk. Nothing was read. "
        "Install the newer StepDesk here, then read the file again."
    ),
    "truncated": N_(
        "This file is cut short. Nothing was read. Copy it again, or ask for it to be sent again."
    ),
    "damaged": N_(
        "This file was damaged on its way. Nothing was read. "
        "Copy it again, or ask for it to be sent again."
    ),
    "other_recipient": N_(
        "This file was made for somebody else, and only they can open it. "
        "Give it to them, or ask for one made for you."
    ),
    "forged": N_(
        "The signature on this file does not hold: it is not from whom it names. "
        "Nothing was read. Tell the sender, and ask for it to be sent again."
    ),
    "practice_only": N_(
        "These figures have not passed the privacy gate, or come from a practice book: "
        "they may only go to a practice branch. Choose the card of a practice branch."
    ),
}


def failure(code: str) -> WireError:
    """Return the error of that code; see the table above."""
    return WireError(code, Text(_TEXTS[code]))


def malformed(place: str) -> WireError:
    """Return the error of a file that is whole and breaks the rules of the form.

    Args:
        place: The field that breaks them, as `docs/bundle.md` names it.
    """
    text = N_(
        "This file breaks the rules of its form at {place}. Nothing was read. "
        "Tell the sender to bring StepDesk up to date and to make it again."
    )
    return WireError("malformed", Text(text, {"place": place}))
