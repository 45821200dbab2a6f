"""Extract the messages, bring the catalogues up to them, compile; with --check only look.

English is the messages themselves; a language is complete when each message has a translation
whose placeholders agree.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "locales"
COMPLETE = ("fr", "en")
KEPT = "\u00a0"
"""The no-break space of French: every font has it, a narrower one the Arabic faces lack."""
_BEFORE = re.compile(r"(?<=\S)[ \u202f]+(?=[?:;!»%])")
_BEHIND = re.compile(r"(?<=«)[ \u202f]+(?=\S)|(?<=[Nn]°)[ \u202f]+(?=\S)|(?<=\d)[ \u202f](?=\d)")
_ELIDED = re.compile(r"(?<=\w)'(?=[\w{«])")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "tr": (1,), "plural": (1, 2)}


def extracted() -> Catalog:
    """Return all messages of the program."""
    catalogue = Catalog(project="StepDesk", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        str(ROOT / "stepdesk"),
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("TRANSLATORS:",),
    )
    for name, _line, message, comments, _context in found:
        catalogue.add(message, locations=[(f"stepdesk/{name}", 0)], auto_comments=comments)
    pair_plurals(catalogue)
    return catalogue


def pair_plurals(catalogue: Catalog) -> None:
    """Make one entry of a `Text(N_(one), values, N_(many))`."""
    text = re.compile(
        r'Text\(\s*N_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)\s*,\s*\{[^{}]*\}\s*,\s*'
        r'(?:plural=)?N_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)',
        re.DOTALL,
    )
    for path in sorted((ROOT / "stepdesk").rglob("*.py")):
        for one, many in text.findall(path.read_text(encoding="utf-8")):
            single, plural = _literal(one), _literal(many)
            for told in (single, plural):
                if told in catalogue:
                    catalogue.delete(told)
            catalogue.add((single, plural), locations=[(str(path.relative_to(ROOT)), 0)])


def _literal(source: str) -> str:
    return str(eval(f"({source})"))  # noqa: S307 - our own source text


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)", text))


def problems(message: Message) -> str:
    """Return what is wrong with a translation, or nothing."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    told = message.string if isinstance(message.string, tuple) else (message.string,)
    if message.fuzzy or not all(told):
        return "not translated"
    wanted = set().union(*(placeholders(one) for one in ids))
    if any(placeholders(one) - wanted for one in told) or placeholders(told[-1]) != wanted:
        return "placeholders differ"
    return ""


def french(told: str) -> str:
    """Return French words whose marks no line break parts from what they belong to.

    A no-break space stands before ? : ; ! » and %, behind « and n°, and inside a number; what is
    elided has the apostrophe of print.
    """
    return _ELIDED.sub("’", _BEHIND.sub(KEPT, _BEFORE.sub(KEPT, told)))


def set_in_french(catalogue: Catalog) -> None:
    for message in catalogue:
        told = message.string
        if message.id and told:  # nothing yet where it waits for a translator
            message.string = french(told) if isinstance(told, str) else tuple(map(french, told))


def catalogue_of(language: str, template: Catalog) -> Catalog:
    path = LOCALES / language / "LC_MESSAGES" / "stepdesk.po"
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, project="StepDesk", charset="utf-8", fuzzy=False)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == "fr":
        set_in_french(catalogue)
    if language == "en":
        for message in catalogue:
            if message.id:
                message.string = message.id
                message.flags.discard("fuzzy")
    return catalogue


def written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, no_location=True, omit_header=False, sort_output=True, width=99)
    return re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To): [^\n]*\n',
        b"",
        out.getvalue(),
    )


def main(check: bool) -> int:
    template = extracted()
    bad = 0
    for language in COMPLETE:
        catalogue = catalogue_of(language, template)
        folder = LOCALES / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        for message in catalogue:
            if message.id and (wrong := problems(message)):
                bad += 1
                print(f"{language}: {wrong}: {message.id!r}")
        if check:
            if (folder / "stepdesk.po").read_bytes() != written(catalogue):
                bad += 1
                print(f"{language}: run `make messages` and commit what it changes")
            continue
        (folder / "stepdesk.po").write_bytes(written(catalogue))
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        (folder / "stepdesk.mo").write_bytes(compiled.getvalue())
    if not check:
        (LOCALES / "stepdesk.pot").write_bytes(written(template))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
