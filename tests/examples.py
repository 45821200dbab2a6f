"""How many examples a property tries: few at each commit, 5,000 in the long form.

`pytest --long -m hypothesis tests/claims` tries them all, as does `STEPDESK_HYPOTHESIS=night`.
"""

from typing import Any

from hypothesis import HealthCheck, settings

LONG = 5000


def few(count: int, **more: Any) -> settings:
    """Return settings for a property whose examples take their time: so many, or the long form's."""
    wanted = LONG if settings().max_examples == LONG else count
    kept = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
    return settings(max_examples=wanted, deadline=None, suppress_health_check=kept, **more)
