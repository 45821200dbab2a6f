import threading
from functools import partial

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from stepdesk.errors import Caution, Doubt, Refusal, Trouble
from stepdesk.i18n import Text
from stepdesk.progress import Progress
from stepdesk.ui.speech import Speaker
from stepdesk.ui.tasks import Lane
from stepdesk.ui.widgets.progress_bar import ProgressBar


def fail(error: Exception) -> None:
    raise error


def idle(lane: Lane) -> bool:
    return not lane.is_busy()


def test_a_result_comes_back_to_the_window(qtbot: QtBot, lane: Lane) -> None:
    heard: list[object] = []
    threads: list[str] = []

    def work() -> int:
        threads.append(threading.current_thread().name)
        return 42

    def then(result: int) -> None:
        heard.append(result)
        threads.append(threading.current_thread().name)

    lane.do(work, then)
    qtbot.waitUntil(partial(idle, lane))
    assert heard == [42]
    assert threads[0].startswith("lane")
    assert threads[1] == threading.main_thread().name


def test_jobs_are_done_in_order(qtbot: QtBot, lane: Lane) -> None:
    heard: list[int] = []
    for at in range(50):
        lane.do(partial(int, at), heard.append)
    qtbot.waitUntil(partial(idle, lane))
    assert heard == list(range(50))


def test_each_kind_of_failure_reaches_its_handler(qtbot: QtBot, lane: Lane) -> None:
    heard: list[Exception] = []
    refusal = Refusal(Text("No."), field="amount")
    caution = Caution((Doubt("five", Text("Really?")),))
    trouble = Trouble(Text("The disk is full."))
    lane.do(partial(fail, refusal), refused=heard.append)
    lane.do(partial(fail, caution), cautioned=heard.append)
    lane.do(partial(fail, trouble), troubled=heard.append)
    qtbot.waitUntil(partial(idle, lane))
    assert heard == [refusal, caution, trouble]


def test_a_failure_nobody_takes_is_shown_by_the_window(qtbot: QtBot, lane: Lane) -> None:
    heard: list[object] = []
    lane.unanswered.connect(heard.append)
    trouble = Trouble(Text("The disk is full."))
    refusal = Refusal(Text("No."))
    lane.do(partial(fail, trouble))
    lane.do(partial(fail, refusal))
    qtbot.waitUntil(partial(idle, lane))
    assert heard == [trouble, refusal]


def test_a_mistake_of_ours_surfaces_in_the_window(qtbot: QtBot, lane: Lane) -> None:
    with qtbot.captureExceptions() as caught:
        lane.do(partial(fail, KeyError("household")))
        qtbot.waitUntil(partial(idle, lane))
    assert [kind for kind, _error, _trace in caught] == [KeyError]


def test_a_caution_nobody_takes_is_a_mistake_of_ours(qtbot: QtBot, lane: Lane) -> None:
    with qtbot.captureExceptions() as caught:
        lane.do(partial(fail, Caution(())))
        qtbot.waitUntil(partial(idle, lane))
    assert [kind for kind, _error, _trace in caught] == [Caution]


def test_an_answer_for_a_closed_page_is_dropped(qtbot: QtBot, lane: Lane) -> None:
    heard: list[object] = []
    gate = threading.Event()
    owner = QWidget()
    lane.do(gate.wait, heard.append, owner=owner)
    lane.do(partial(fail, Refusal(Text("No."))), refused=heard.append, owner=owner)
    delete(owner)
    gate.set()
    qtbot.waitUntil(partial(idle, lane))
    assert heard == []


def test_work_is_cancelled_at_its_next_step(qtbot: QtBot, lane: Lane) -> None:
    gate = threading.Event()
    steps: list[int] = []
    heard: list[object] = []
    progress = lane.progress()

    def work(progress: Progress) -> None:
        for at in range(1000):
            progress.step(at, 1000)
            steps.append(at)
            if at == 4:
                gate.wait()

    lane.do(
        partial(work, progress),
        heard.append,
        cancelled=partial(heard.append, "cancelled"),
        progress=progress,
    )
    qtbot.waitUntil(lambda: len(steps) == 5)
    progress.cancel()
    gate.set()
    qtbot.waitUntil(partial(idle, lane))
    assert (steps, heard) == ([0, 1, 2, 3, 4], ["cancelled"])


def test_the_lane_says_when_it_is_busy_and_how_far(qtbot: QtBot, lane: Lane) -> None:
    busy: list[bool] = []
    told: list[tuple[int, int, object]] = []
    lane.busy.connect(busy.append)
    lane.progressed.connect(lambda *step: told.append(step))
    progress = lane.progress()
    text = Text("Reading")
    lane.do(partial(progress.step, 3, 3, text), progress=progress)
    qtbot.waitUntil(partial(idle, lane))
    qtbot.waitUntil(lambda: bool(told))
    assert busy == [True, False]
    assert told == [(3, 3, text)]


@pytest.mark.parametrize("cancel", [False, True])
def test_a_bar_appears_for_long_work_only(
    qtbot: QtBot, lane: Lane, speaker: Speaker, *, cancel: bool
) -> None:
    bar = ProgressBar(lane, speaker)
    qtbot.addWidget(bar)
    gate = threading.Event()
    progress = lane.progress()
    lane.do(gate.wait, progress=progress)
    assert bar.isHidden()
    qtbot.waitUntil(bar.isVisible, timeout=3000)
    if cancel:
        bar._cancel.click()
    assert progress.cancelled is cancel
    gate.set()
    qtbot.waitUntil(bar.isHidden)
