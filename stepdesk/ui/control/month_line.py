"""The answer to a question for a month."""

from stepdesk.errors import Refusal
from stepdesk.ui.members.answers import Line
from stepdesk.ui.overriding import override
from stepdesk.ui.widgets.month_field import MonthField
from stepdesk.values.month import Month


class MonthLine(Line):
    """A month, typed the short way: 10 is the last October there was."""

    def __init__(self, near: Month) -> None:
        self.month = MonthField(near)
        super().__init__(self.month)

    @override
    def value(self) -> object:
        problem = self.month.problem()
        if problem is not None:
            raise Refusal(problem)
        return self.month.month()

    @override
    def put(self, value: object) -> None:
        if isinstance(value, Month):
            self.month.set_month(value)
        else:
            self.month.setText("")
