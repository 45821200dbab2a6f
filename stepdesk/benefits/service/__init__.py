"""What is done with benefits: name services, write packages, give a plan its packages."""

from stepdesk.benefits.service.catalogue import add_service, change_service, rename_service
from stepdesk.benefits.service.packages import (
    add_package,
    assign_package,
    end_supplement,
    version_package,
)

__all__ = [
    "add_package",
    "add_service",
    "assign_package",
    "change_service",
    "end_supplement",
    "rename_service",
    "version_package",
]
