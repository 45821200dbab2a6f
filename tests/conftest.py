import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from hypothesis import settings

from tests.examples import LONG

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("mutants", max_examples=15, derandomize=True, deadline=None)
settings.register_profile("night", max_examples=LONG, deadline=None, print_blob=True)
settings.load_profile(
    os.environ.get("STEPDESK_HYPOTHESIS", "ci" if os.environ.get("CI") else "dev")
)

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from stepdesk.store import keys
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from tests.builders import open_copy, wednesday

# A password is made slow to guess, and tests open copies of the same few books thousands of times:
# the same password, salt and cost give the same key, so each is reckoned once.
keys._key_of = lru_cache(keys._key_of)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the long form of campaigns")


def pytest_configure(config: pytest.Config) -> None:
    """Let every property try as many examples as the long form asks for."""
    if config.getoption("--long"):
        settings.load_profile("night")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long form of campaigns unless it is asked for."""
    if config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(0))
        return
    skipped = pytest.mark.skip(reason="long: run with --long")
    for item in items:
        # By its mark: the keywords also hold the name of the folder the project lies in.
        if item.get_closest_marker("long") is not None:
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
