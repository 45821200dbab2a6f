"""The medical adviser's view: diagnosis, and what is approved of each line, with its reason."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from stepdesk.claims import rules
from stepdesk.claims.service import MEDICAL
from stepdesk.claims.terms import ClaimLine, LineReview, Move, Visit
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text, Value
from stepdesk.store.desk import Desk
from stepdesk.ui import theme
from stepdesk.ui.claims import case_facts
from stepdesk.ui.claims.case_facts import Case, Medical
from stepdesk.ui.claims.case_form import CaseForm, Doing
from stepdesk.ui.claims.picture_row import PictureRow, PictureWindow
from stepdesk.ui.overriding import override
from stepdesk.ui.speech import Speaker, Speaking
from stepdesk.ui.theme import Dressed
from stepdesk.ui.widgets.combo_line import ComboLine
from stepdesk.ui.widgets.field import Field
from stepdesk.ui.widgets.form import ErrorLine
from stepdesk.ui.widgets.number_field import NumberField
from stepdesk.ui.widgets.words import Size, Words
from stepdesk.values.ids import ClaimLineId

_VISITS = {
    Visit.OTHER: N_("came by themselves"),
    Visit.REFERRAL: N_("was referred"),
    Visit.EMERGENCY: N_("emergency"),
}
_HEADS = (N_("Quantity"), N_("Price"), N_("Medical reason"), N_("Justification"))
_WIDTHS = (64, 92, 190, 0)
_CODES = tuple(sorted(MEDICAL, key=lambda code: code.value))


class ReviewLine(QWidget, Dressed, Speaking):
    """One line as it was asked, and what the adviser approves of it; empty leaves it as it was."""

    def __init__(self, speaker: Speaker, line: ClaimLine, said: LineReview, written: str) -> None:
        super().__init__()
        self.line = line
        exponent = line.unit_price.currency.exponent
        values: dict[str, Value] = {
            "act": line.name,
            "quantity": line.quantity,
            "price": line.unit_price,
        }
        self.about = Words(
            Text(N_("{act}: {quantity} at {price}"), values), speaker, bold=True, wrap=True
        )
        self.quantity = NumberField()
        self.price = NumberField(exponent=exponent)
        self.code = ComboLine()
        self.written = Field()
        self.error = ErrorLine(speaker)
        self.code.addItem("", None)
        for code in _CODES:
            self.code.addItem(f"{code.value} · {speaker.say(rules.reason(code))}", code)
        self.quantity.set_value(said.quantity)
        self.price.set_value(said.price)
        self.code.setCurrentIndex(max(self.code.findData(said.code), 0))
        self.written.setText(written)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.about, 0, 0, 1, len(_HEADS))
        self.fields = (self.quantity, self.price, self.code, self.written)
        for column, (head, field) in enumerate(zip(_HEADS, self.fields, strict=True)):
            label = Words(head, speaker, size=Size.SMALL, muted=True)
            label.setBuddy(field)
            self._grid.addWidget(label, 1, column)
            self._grid.addWidget(field, 2, column)
        self._grid.setColumnStretch(len(_HEADS) - 1, 1)
        self._grid.addWidget(self.error, 3, 0, 1, len(_HEADS))
        self.wear()
        self.learn(speaker)

    @override
    def dress(self) -> None:
        now = theme.current()
        self._grid.setHorizontalSpacing(now.px(8))
        self._grid.setVerticalSpacing(now.px(2))
        for field, width in zip(self.fields, _WIDTHS, strict=True):
            if width:
                field.setFixedWidth(now.px(width))

    @override
    def speak(self) -> None:
        for head, field in zip(_HEADS, self.fields, strict=True):
            told = self.speaker.tr(N_("{what}: {act}"), what=Text(head), act=self.line.name)
            field.setAccessibleName(told)

    def told(self) -> LineReview:
        """Return what is said of the line."""
        return LineReview(
            self.quantity.value(),
            self.price.value(),
            self.code.currentData(),
            self.written.text(),
        )

    def says_less(self) -> bool:
        """Whether less is approved than was asked."""
        quantity, price = self.quantity.value(), self.price.value()
        fewer = quantity is not None and quantity != self.line.quantity
        return fewer or (price is not None and price != self.line.unit_price.minor)

    def beyond(self, field: str) -> bool:
        """Whether more is approved than was asked."""
        asked = self.line.unit_price.minor if field == "price" else self.line.quantity
        told = self.price.value() if field == "price" else self.quantity.value()
        return told is not None and told > asked

    def refuse(self, field: str, text: Text) -> None:
        """Say below it what is wrong, and go there."""
        self.error.show_text(text)
        wrong = {"price": self.price, "code": self.code}.get(field, self.quantity)
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)


class ReviewForm(CaseForm):
    """What only the medical adviser sees; once decided it is looked at and nothing more."""

    def __init__(self, speaker: Speaker, desk: Desk) -> None:
        super().__init__(speaker, N_("Medical part of certificate {number}"), N_("Reviewed"))
        self._desk = desk
        self._held = speaker
        self.lines: list[ReviewLine] = []
        self.diagnosis = Words("", speaker, bold=True, wrap=True)
        self.about = Words("", speaker, wrap=True)
        self.hint = Words(
            N_(
                "Leave quantity and price empty to approve them as asked. 0 refuses a line. "
                "Less needs a medical reason; the justification is sealed."
            ),
            speaker,
            size=Size.SMALL,
            muted=True,
            wrap=True,
        )
        self.pictures = PictureRow(speaker, editable=False)
        self.pictures.opened.connect(self._look)
        self._holder = QWidget()
        self._rows = QVBoxLayout(self._holder)
        self._rows.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._holder)
        for ground in (self._holder, self.area.viewport()):
            ground.setAutoFillBackground(False)
        for at, widget in enumerate(
            (self.diagnosis, self.about, self.pictures, self.hint, self.area)
        ):
            self.body.insertWidget(2 + at, widget)
        self.body.setStretchFactor(self.area, 100)

    @override
    def dress(self) -> None:
        super().dress()
        if hasattr(self, "_rows"):
            now = theme.current()
            self._rows.setSpacing(now.px(14))
            # The ring of a field that has the focus is drawn around it.
            self._rows.setContentsMargins(now.px(4), now.px(4), now.px(8), now.px(4))

    def show_medical(self, case: Case, medical: Medical) -> None:
        """Show the medical part of a certificate."""
        for line in self.lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        said = medical.said or tuple(LineReview() for _ in case.claim.lines)
        for told, one in zip(case.claim.lines, said, strict=True):
            line = ReviewLine(self._held, told, one, medical.written.get(told.id, ""))
            self._rows.insertWidget(len(self.lines), line)
            self.lines.append(line)
            for field in (line.quantity, line.price, line.written):
                field.returnPressed.connect(partial(self._next, line, field))
            line.code.entered.connect(partial(self._next, line, line.code))
        self._say(medical)
        may = case.may(Move.REVIEW)
        self.pictures.show_pictures([one.content for one in case.pictures.shown])
        self.button.setVisible(may)
        self.start(case)
        self.hint.setVisible(may)
        for line in self.lines:
            for widget in line.fields:
                widget.setEnabled(may)
        target: QWidget = self.lines[0].quantity if may and self.lines else self.keep
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self, at: int) -> None:
        content = self.pictures.contents[at]
        window = PictureWindow(self, self._held, content, recorded=False)
        window.back.hide()
        window.open()

    def _say(self, medical: Medical) -> None:
        told = N_("Diagnosis: {diagnosis}")
        none = N_("No diagnosis was written on the certificate.")
        values: dict[str, Value] = {"diagnosis": medical.diagnosis}
        self.diagnosis.say(Text(told if medical.diagnosis else none, values))
        typed = medical.typed
        days = (typed.last_day - typed.first_day).days + 1
        values = {
            "first": typed.first_day,
            "last": typed.last_day,
            "count": days,
            "visit": Text(_VISITS[typed.visit]),
        }
        one, many = (
            N_("Care of {last} · {visit}"),
            N_("Care from {first} to {last}, {count} days · {visit}"),
        )
        self.about.say(Text(one if days == 1 else many, values))

    def _next(self, line: ReviewLine, field: QWidget) -> None:
        """Go on; past the last field of the last line it is sent."""
        order = [one for each in self.lines for one in each.fields]
        at = order.index(field) + 1  # type: ignore[arg-type]
        # A line that is approved as asked needs no reason.
        if field is line.price and not line.says_less():
            at = order.index(line.written) + 1
        if at < len(order):
            order[at].setFocus(Qt.FocusReason.TabFocusReason)
            self.area.ensureWidgetVisible(order[at])
        else:
            self.send()

    @override
    def send(self) -> None:
        for line in self.lines:
            line.error.clear_text()
        for line in self.lines:
            problem = line.quantity.problem() or line.price.problem()
            if problem is not None:
                line.refuse("quantity" if line.quantity.problem() else "price", problem)
                return
            if line.says_less() and line.told().code is None:
                told = N_("Say why with a medical reason.")
                line.refuse("code", Text(told))
                return
        super().send()

    def told(self) -> Mapping[ClaimLineId, LineReview]:
        """Return what is said of each line."""
        return {line.line.id: line.told() for line in self.lines}

    @override
    def doing(self, case: Case) -> Doing:
        return partial(case_facts.reviewed, self._desk, case.claim.id, self.told())

    @override
    def refuse(self, refusal: Refusal) -> None:
        if refusal.field not in {"quantity", "price", "code"}:
            super().refuse(refusal)
            return
        self._free()
        wrong = [one for one in self.lines if one.beyond(refusal.field)]
        less = [one for one in self.lines if one.says_less()]
        (wrong or less or self.lines)[0].refuse(refusal.field, refusal.text)
