"""Reading the list of diagnoses of openIMIS. Nothing here touches the book."""

from collections.abc import Mapping
from pathlib import Path

from stepdesk.claims.rules.diagnoses import code_of
from stepdesk.claims.terms import ANY_LANGUAGE, Diagnosis
from stepdesk.exchange.openimis_rows import Reading, read_file
from stepdesk.i18n import N_

FILES = ("diagnoses_icd10.csv", "diagnoses_icd10_postgres_demo.csv")
COLUMNS: Mapping[str, tuple[str, ...]] = dict.fromkeys(FILES, ("code", "name"))
"""The files of diagnoses, with the columns that are read; each of them may be missing."""

_NO_CODE = N_("This is no code of ICD-10.")
_NO_NAME = N_("The diagnosis has no name.")
_TWICE = N_("This code stands twice in the file; the first row was taken.")


def read_diagnosis_files(reading: Reading, folder: Path) -> tuple[Diagnosis, ...]:
    """Return the diagnoses of the files by code; what cannot stand is left out with its reason.

    Raises:
        Refusal: a column missing, a file that is not UTF-8 or not CSV.
        Trouble: when a file cannot be read.
    """
    found: dict[str, Diagnosis] = {}
    for name, columns in COLUMNS.items():
        if not (folder / name).is_file():
            continue
        here: set[str] = set()
        for row in read_file(folder, name, reading, needed=columns):
            code = code_of(row["code"])
            if code is None or not row["name"]:
                reading.leave(name, row["code"], _NO_NAME if code else _NO_CODE)
            elif code in here:
                reading.leave(name, row["code"], _TWICE)
            else:
                here.add(code)
                found.setdefault(code, Diagnosis(code, {ANY_LANGUAGE: row["name"]}))
    return tuple(found.values())
