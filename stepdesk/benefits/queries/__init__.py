"""Reading benefits: the catalogue, and the packages of a plan as they stand on a day."""

from stepdesk.benefits.queries.catalogue import (
    categories_of,
    service_of_code,
    service_versions,
    services,
    services_of,
)
from stepdesk.benefits.queries.versions import (
    assignments,
    package_of_code,
    package_on,
    packages,
    packages_on,
)

__all__ = [
    "assignments",
    "categories_of",
    "package_of_code",
    "package_on",
    "packages",
    "packages_on",
    "service_of_code",
    "service_versions",
    "services",
    "services_of",
]
