"""The pictures of the certificate that is typed, and of one that is recorded, with what is done to them."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from stepdesk.claims.service import NEEDS_KEY
from stepdesk.claims.terms import Claim, KeptPicture
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.desk import Desk
from stepdesk.ui.claims import picture_facts
from stepdesk.ui.claims.picture_facts import ClaimPictures, DraftedPicture
from stepdesk.ui.claims.picture_row import Making, PictureRow, PictureWindow, ask_picture
from stepdesk.ui.context import Context
from stepdesk.values.ids import ClaimId

_REFUSED = Refusal(NEEDS_KEY, field="picture")


class DraftPictures(QObject):
    """Pictures that are kept with a half-typed certificate.

    Signals:
        changed: One came or went: the draft is to be kept.
    """

    changed = Signal()

    def __init__(self, context: Context, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, desk, owner
        self._round = 0
        self.held: list[KeptPicture] = []
        self.row = PictureRow(context.speaker)
        self.row.offered.connect(self._take)
        self.row.opened.connect(self._open)

    def clear(self) -> None:
        """Forget them: another certificate is typed."""
        self._round += 1
        self.held = []
        self.row.show_pictures(())

    def restore(self, held: Sequence[KeptPicture]) -> None:
        """Show again what a draft names."""
        self.clear()
        self.held = list(held)
        if not held or self._desk.person.medical_key is None:
            self.row.show_pictures((), unseen=len(held))
            return
        self._context.lane.do(
            partial(picture_facts.drafted, self._desk, tuple(held)),
            partial(self._restored, self._round),
            troubled=self.row.refuse,
            owner=self._owner,
        )

    def ask(self) -> None:
        """F8: choose a picture of the certificate."""
        if self._desk.person.medical_key is None:
            self.row.refuse(_REFUSED)
            return
        making = ask_picture(self._owner, self._context.speaker)
        if making is not None:
            self._take(making)

    def _take(self, making: Making) -> None:
        self._context.lane.do(
            partial(picture_facts.kept, self._desk, making),
            partial(self._kept, self._round),
            refused=self.row.refuse,
            troubled=self.row.refuse,
            owner=self._owner,
        )

    def _kept(self, asked: int, told: DraftedPicture) -> None:
        if asked != self._round:
            # Another certificate is typed by now: a picture must never go to the wrong one.
            late = N_("The picture came too late for its certificate. Choose it there again.")
            self.row.refuse(Refusal(Text(late), field="picture"))
            return
        kept, content = told
        self.held.append(kept)
        self.row.add_picture(content or b"")
        self.changed.emit()

    def _restored(self, asked: int, found: tuple[DraftedPicture, ...]) -> None:
        if asked == self._round:
            self.row.show_pictures([content for _, content in found])

    def _open(self, at: int) -> None:
        window = PictureWindow(
            self._owner, self._context.speaker, self.row.contents[at], recorded=False
        )
        window.taken_back.connect(partial(self._drop, at))
        window.open()

    def _drop(self, at: int, _reason: str) -> None:
        left = [one for place, one in enumerate(self.row.contents) if place != at]
        del self.held[at]
        self.row.show_pictures(left)
        self.changed.emit()


class CasePictures(QObject):
    """Pictures of a recorded certificate.

    Signals:
        saved: One was attached or taken back (`ClaimPictures`, what it has now).
    """

    saved = Signal(object)

    def __init__(self, context: Context, desk: Desk, owner: QWidget, row: PictureRow) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, desk, owner
        self._claim_id: ClaimId | None = None
        self._told = ClaimPictures()
        self.row = row
        self.row.offered.connect(self._take)
        self.row.opened.connect(self._open)

    def show_claim(self, claim: Claim, told: ClaimPictures) -> None:
        """Show the pictures of a certificate; one of history is given no more."""
        self._claim_id = claim.id
        self.row.editable = not claim.history
        self._show(claim.id, told)

    def ask(self) -> None:
        """F8: choose a picture of the certificate."""
        if self._desk.person.medical_key is None:
            self.row.refuse(_REFUSED)
            return
        making = ask_picture(self._owner, self._context.speaker)
        if making is not None:
            self._take(making)

    def _take(self, making: Making) -> None:
        claim_id = self._claim_id
        if claim_id is None:
            return
        self._context.lane.do(
            partial(picture_facts.attached, self._desk, claim_id, making),
            partial(self._changed, claim_id),
            refused=self.row.refuse,
            troubled=self.row.refuse,
            owner=self._owner,
        )

    def _changed(self, claim_id: ClaimId, told: ClaimPictures) -> None:
        self._context.saved()
        self._show(claim_id, told)
        if claim_id == self._claim_id:
            self.saved.emit(told)

    def _show(self, claim_id: ClaimId, told: ClaimPictures) -> None:
        if claim_id == self._claim_id:
            self._told = told
            self.row.show_pictures([one.content for one in told.shown], unseen=told.unseen)

    def _open(self, at: int) -> None:
        shown, claim_id = self._told.shown[at], self._claim_id
        if claim_id is None:
            return
        window = PictureWindow(self._owner, self._context.speaker, shown.content, recorded=True)
        window.taken_back.connect(
            lambda reason: self._context.lane.do(
                partial(picture_facts.taken_back, self._desk, claim_id, shown.id, reason),
                partial(self._changed, claim_id),
                refused=self.row.refuse,
                troubled=self.row.refuse,
                owner=self._owner,
            )
        )
        window.open()
