import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import settings

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("mutants", max_examples=15, derandomize=True, deadline=None)
settings.register_profile("night", max_examples=5000, deadline=None)
settings.load_profile(
    os.environ.get("STEPDESK_HYPOTHESIS", "ci" if os.environ.get("CI") else "dev")
)

from collections.abc import Iterator
from pathlib import Path

import pytest

from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import open_copy, wednesday


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the long form of campaigns")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long form of campaigns unless it is asked for."""
    if config.getoption("--long"):
        return
    skipped = pytest.mark.skip(reason="long: run with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skipped)


@pytest.fixture(autouse=True)
def state_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The laptop's own folder: a new one each test, never that of whoever runs them."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("STEPDESK_STATE", str(folder))
    return folder


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at nine on Wednesday 10 January 2024 until a test sets it."""
    return wednesday()


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """A small practice book, open, Awa in front."""
    with open_copy(tmp_path / "book", clock=clock) as opened:
        yield opened


@pytest.fixture
def two_people_desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    """The same with a second person, Bintou, who may sign."""
    with open_copy(tmp_path / "book", clock=clock, people=("Awa", "Bintou")) as opened:
        yield opened
