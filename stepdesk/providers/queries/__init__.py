"""Reading providers, their agreements and their price lists."""

from stepdesk.providers.queries.agreements import (
    agreement_drafts,
    agreement_of_id,
    agreement_on,
    agreement_scan,
    agreement_states,
    agreements,
    expiring_agreements,
)
from stepdesk.providers.queries.providers import (
    provider_names,
    provider_of_code,
    provider_steps,
    providers,
)
from stepdesk.providers.queries.tariffs import (
    tariff_drafts,
    tariff_of_code,
    tariff_on,
    tariff_versions,
    tariffs,
)

__all__ = [
    "agreement_drafts",
    "agreement_of_id",
    "agreement_on",
    "agreement_scan",
    "agreement_states",
    "agreements",
    "expiring_agreements",
    "provider_names",
    "provider_of_code",
    "provider_steps",
    "providers",
    "tariff_drafts",
    "tariff_of_code",
    "tariff_on",
    "tariff_versions",
    "tariffs",
]
