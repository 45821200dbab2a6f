"""The list of diagnoses: brought in, corrected, shortened; and what a certificate may name of it."""

import json
from collections.abc import Iterable, Mapping

from stepdesk.claims import queries
from stepdesk.claims.model import diagnosis
from stepdesk.claims.rules.diagnoses import code_of, codes_in
from stepdesk.claims.terms.diagnoses import BroughtDiagnoses, Diagnosis
from stepdesk.errors import Refusal
from stepdesk.i18n import N_, Text
from stepdesk.store.work import Work
from stepdesk.values.ids import DiagnosisId

MOST_NAMED = 5
"""A certificate names a main diagnosis and up to four more. Source: openIMIS handbook 1.2."""

_ALL = "SELECT id, code, names, dropped_on FROM diagnosis"
_NOT_LISTED = Text(
    N_("This is not in the scheme's list of diagnoses. Look it up by a word, or correct the code.")
)


def bring_in_diagnoses(work: Work, *, listed: Iterable[Diagnosis]) -> BroughtDiagnoses:
    """Add diagnoses to the list; names of one that is known are added to or corrected.

    Raises:
        Refusal: a code that is none of ICD-10, a diagnosis without a name; nothing is written.
    """
    known = {row.code: row for row in work.rows(_ALL)}
    new: dict[str, dict[str, str]] = {}
    changed = same = 0
    for one in listed:
        code, names = _checked(one)
        row = known.get(code)
        if row is None:
            new[code] = new.get(code, {}) | names
            continue
        told = json.loads(row.names) | names
        if told == json.loads(row.names) and row.dropped_on is None:
            same += 1
            continue
        work.update(diagnosis, DiagnosisId(row.id), names=_kept(told), dropped_on=None)
        changed += 1
    rows = (
        {"id": work.new_id(), "code": code, "names": _kept(names), "dropped_on": None}
        for code, names in new.items()
    )
    if new:
        work.insert_many(diagnosis, rows)
    return BroughtDiagnoses(len(new), changed, same)


def drop_diagnosis(work: Work, *, code: str) -> Diagnosis:
    """Take a code from the list; certificates that name it keep it. Bringing it in adds it again.

    Raises:
        Refusal: a code that is not in the list.
    """
    found = queries.diagnosis_of_code(work.connection, code)
    if found is None:
        raise Refusal(_NOT_LISTED, field="code")
    row = work.row(f"{_ALL} WHERE code = :code", code=found.code)
    work.update(diagnosis, DiagnosisId(row.id), dropped_on=work.today)
    return found


def checked_diagnosis(work: Work, told: str) -> str:
    """Return what a certificate names, as the list writes it; as it was typed without a list.

    Raises:
        Refusal: a code the list does not have, or more than five; what was typed is not repeated.
    """
    plain = told.strip()
    if not plain or not queries.lists_diagnoses(work.connection):
        return plain
    codes = codes_in(plain)
    if len(codes) > MOST_NAMED:
        raise Refusal(
            Text(
                N_("A certificate names {most} diagnoses at most. Leave the others out."),
                {"most": MOST_NAMED},
            ),
            field="diagnosis",
        )
    for code in codes:
        if queries.diagnosis_of_code(work.connection, code) is None:
            raise Refusal(_NOT_LISTED, field="diagnosis")
    return ", ".join(dict.fromkeys(codes))


def _checked(one: Diagnosis) -> tuple[str, dict[str, str]]:
    code = code_of(one.code)
    if code is None:
        raise Refusal(
            Text(
                N_("{code} is no code of ICD-10. Type a letter and two figures, such as A09."),
                {"code": one.code or "—"},
            ),
            field="code",
        )
    names = {
        language: " ".join(name.split()) for language, name in one.names.items() if name.strip()
    }
    if not names:
        raise Refusal(Text(N_("Give {code} a name."), {"code": code}), field="name")
    return code, names


def _kept(names: Mapping[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
