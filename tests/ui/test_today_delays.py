"""Today tells how long each provider waits for its money."""

from datetime import date

from stepdesk.claims.service import decide_claim
from stepdesk.i18n import speak
from stepdesk.store.clock import SetClock
from stepdesk.store.desk import Desk
from stepdesk.ui.today.facts import facts_of, tasks_of
from stepdesk.ui.tokens import Status
from tests.claims.kit import a_batch, a_care, a_claim


def test_the_delay_to_each_provider_stands_on_the_first_screen(
    desk: Desk, clock: SetClock
) -> None:
    care = a_care(desk, agreement={"payment_days": 15})
    desk.do(decide_claim, claim_id=a_claim(desk, care, a_batch(desk, care)))
    found = {}
    for day in (10, 25, 26):
        clock.set(date(2024, 1, day))
        desk.confirm_day(date(2024, 1, day))
        told = tasks_of(facts_of(desk))
        found[day] = [
            (one.status, speak(one.text, "en"))
            for one in told
            if "oldest invoice" in speak(one.text, "en")
        ]
    said = "CS Koula: {} days since its oldest invoice, {} on the mean"
    assert found == {
        10: [],
        25: [(Status.WAITING, said.format(15, 15))],
        26: [(Status.LATE, said.format(16, 16))],
    }
