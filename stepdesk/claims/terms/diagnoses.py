"""Words of the list of diagnoses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANY_LANGUAGE = ""
"""The key of a name whose language nobody told."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A code of ICD-10 without its point, and its names by language."""

    code: str
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """Return the name in a language, else in English, else whatever there is."""
        for told in (language, ANY_LANGUAGE, "en"):
            if told in self.names:
                return self.names[told]
        return next(iter(self.names.values()), "")


@dataclass(frozen=True, slots=True)
class BroughtDiagnoses:
    """What one list wrote: new codes, codes whose names changed or came back, codes known before."""

    added: int
    changed: int
    known: int
