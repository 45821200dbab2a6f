"""What is done with providers: add them, write price lists, sign agreements and end them."""

from stepdesk.providers.service.agreements import (
    attach_scan,
    draft_agreement,
    drop_agreement_draft,
    end_agreement,
    renew_agreement,
    sign_agreement,
    sign_draft,
)
from stepdesk.providers.service.providers import (
    add_provider,
    change_provider,
    rename_provider,
    step_provider,
)
from stepdesk.providers.service.tariffs import (
    add_tariff,
    copied_prices,
    draft_tariff,
    drop_tariff_draft,
    put_tariff_in_force,
    version_tariff,
)

__all__ = [
    "add_provider",
    "add_tariff",
    "attach_scan",
    "change_provider",
    "copied_prices",
    "draft_agreement",
    "draft_tariff",
    "drop_agreement_draft",
    "drop_tariff_draft",
    "end_agreement",
    "put_tariff_in_force",
    "rename_provider",
    "renew_agreement",
    "sign_agreement",
    "sign_draft",
    "step_provider",
    "version_tariff",
]
