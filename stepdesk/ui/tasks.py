"""The lane: one thread that does whatever opens the book, in order. The only threads there are.

Nothing but the lane's own two signals is emitted from its thread, and no widget, handler or
function of the window is ever released there: they wait in the window's thread until the answer
has come back.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from stepdesk.errors import Cancelled, Caution, Refusal, Trouble
from stepdesk.i18n import Text
from stepdesk.progress import Progress
from stepdesk.ui.overriding import override

T = TypeVar("T")

_EVERY = 0.05  # seconds between two reports of a long work


class LaneProgress(Progress):
    """Progress that the window shows. Made by the lane; `cancel` may be called from anywhere."""

    def __init__(self, report: Callable[[int, int, object], None]) -> None:
        super().__init__()
        self._report = report
        self._next = 0.0

    @override
    def step(self, done: int, total: int, text: Text | None = None) -> None:
        super().step(done, total, text)
        now = monotonic()
        if now >= self._next or done == total:
            self._next = now + _EVERY
            self._report(done, total, text)


@dataclass(frozen=True, slots=True)
class _Job:
    function: Callable[[], Any]
    owner: QWidget | None
    then: Callable[[Any], object] | None
    refused: Callable[[Refusal], object] | None
    cautioned: Callable[[Caution], object] | None
    troubled: Callable[[Trouble], object] | None
    cancelled: Callable[[], object] | None
    progress: Progress | None

    def has_owner(self) -> bool:
        return self.owner is None or isValid(self.owner)


@dataclass(frozen=True, slots=True)
class _Answer:
    ticket: int
    result: Any = None
    error: BaseException | None = None


class Lane(QObject):
    """Does functions one after another away from the window and brings their answers back.

    Signals:
        busy: True when the first job enters the empty lane, False when the last has answered.
        long_work: The progress of a long job that was put on the lane, None when it is over.
        progressed: Done, total and the text (a `Text` or None) of the long job.
        unanswered: A Refusal or Trouble nobody took, for the window to show.
    """

    busy = Signal(bool)
    long_work = Signal(object)
    progressed = Signal(int, int, object)
    unanswered = Signal(object)
    _arrived = Signal()
    _stepped = Signal(int, int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane")
        self._jobs: dict[int, _Job] = {}
        self._answers: deque[_Answer] = deque()
        self._tickets = count()
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._stepped.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def do(
        self,
        function: Callable[[], T],
        then: Callable[[T], object] | None = None,
        *,
        refused: Callable[[Refusal], object] | None = None,
        cautioned: Callable[[Caution], object] | None = None,
        troubled: Callable[[Trouble], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        owner: QWidget | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Put a function on the lane.

        Args:
            function: Takes nothing, touches no widget.
            then: Gets its result, in the window's thread.
            refused: Gets a Refusal; without it the window shows it.
            cautioned: Gets a Caution; without it the caution is a bug.
            troubled: Gets a Trouble; without it the window shows it.
            cancelled: Told when the person cancelled.
            owner: Whoever wants the answer. When it is gone the answer is dropped.
            progress: What `progress()` gave, when the function is long and was given it.
        """
        ticket = next(self._tickets)
        if not self._jobs:
            self.busy.emit(True)  # noqa: FBT003 - Qt's signals take no names
        self._jobs[ticket] = _Job(
            function, owner, then, refused, cautioned, troubled, cancelled, progress
        )
        if progress is not None:
            self.long_work.emit(progress)
        self._executor.submit(self._run, ticket)

    def progress(self) -> LaneProgress:
        """Return a progress to hand to a long function and to `do`."""
        return LaneProgress(self._stepped.emit)

    def is_busy(self) -> bool:
        return bool(self._jobs)

    def close(self) -> None:
        """Finish what is on the lane and stop. Nothing can be put on it afterwards."""
        for job in self._jobs.values():
            if job.progress is not None:
                job.progress.cancel()
        self._executor.shutdown(wait=True)

    def _run(self, ticket: int) -> None:
        # The answer is built inside the call, so that this thread keeps no reference to it.
        self._answers.append(_attempt(ticket, self._jobs))
        self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        answer = self._answers.popleft()
        job = self._jobs.pop(answer.ticket)
        if job.progress is not None:
            self.long_work.emit(None)
        if not self._jobs:
            self.busy.emit(False)  # noqa: FBT003 - Qt's signals take no names
        if answer.error is not None:
            self._failed(job, answer.error)
        elif job.then is not None and job.has_owner():
            job.then(answer.result)

    def _failed(self, job: _Job, error: BaseException) -> None:
        match error:
            case Refusal():
                self._hand(job, job.refused or self.unanswered.emit, error)
            case Caution() if job.cautioned is not None:
                self._hand(job, job.cautioned, error)
            case Trouble():
                if job.has_owner() and job.troubled is not None:
                    job.troubled(error)
                else:
                    self.unanswered.emit(error)
            case Cancelled():
                if job.cancelled is not None and job.has_owner():
                    job.cancelled()
            case _:
                raise error

    def _hand(self, job: _Job, handler: Callable[[Any], object], error: BaseException) -> None:
        if job.has_owner():
            handler(error)

    @Slot(int, int, object)
    def _tell(self, done: int, total: int, text: object) -> None:
        self.progressed.emit(done, total, text)


def _attempt(ticket: int, jobs: dict[int, _Job]) -> _Answer:
    try:
        return _Answer(ticket, result=jobs[ticket].function())
    except BaseException as error:  # noqa: BLE001 - handed to the window, which raises it there
        return _Answer(ticket, error=error)
