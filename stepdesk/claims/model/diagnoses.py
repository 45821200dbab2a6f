"""The list of diagnoses a certificate may name: public codes, nobody's illness."""

from sqlalchemy import Text, UniqueConstraint

from stepdesk.store.tables import decides, grows, journaled, not_removed

# `names` is JSON, language to name; `dropped_on` takes a code from the list, what named it stays.
diagnosis = journaled(
    "diagnosis",
    181,
    grows("code", Text),
    decides("names", Text),
    decides("dropped_on", Text, nullable=True),
    UniqueConstraint("code"),
    triggers=(not_removed("diagnosis"),),
)
