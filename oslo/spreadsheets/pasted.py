"""A list of names out of a press release or an e-mail, made into a sheet like any other."""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field, replace

from oslo.listing import cut

from .cells import harmless
from .known import Known, Unknown
from .pasted_roles import role_in, role_of_one, speaks_of_roles
from .pasting import Pasted, split_list
from .resources import SHEETS, SheetResource

FILE_NAME = "pasted-list.csv"
ROLES = [("participant", "participants"), ("observer", "observers"), ("invited", "invited"), ("absent", "absent")]
MOST_TOLD = 20
ROLE, FOOTNOTE = "role", "footnote"  # columns that a list may fill for each name


@dataclass
class PastedName:
    """One name of a list: `status` is recognised, ambiguous or unknown.

    `role` is what the list itself says of it, by the words in `role_words`; `footnote` is what else it says. What could
    be about a role, but is not clear, is in `unclear`.
    """

    text: str
    status: str
    code: str = ""
    candidates: list[str] = field(default_factory=list)
    note: str = ""
    footnote: str = ""
    role: str = ""
    role_words: str = ""
    unclear: list[str] = field(default_factory=list)


def read_list(text: str, known: Known) -> list[PastedName]:
    """The names in a text, in their order, each with the state that it is or could be."""
    directory = known.directory(SHEETS.listed)
    return [_named(pasted, known) for pasted in split_list(text, lambda name: bool(directory.meant(name)))]


def _named(pasted: Pasted, known: Known) -> PastedName:
    if pasted.remark and not role_in(pasted.remark) and _could_be_another(pasted, known):
        pasted = replace(pasted, remark="", before_remark="")
    written, said = pasted.name, _said(pasted)
    try:
        record = known.find(SHEETS.listed, written)
    except Unknown as error:
        status = "ambiguous" if error.ambiguous else "unknown"
        codes = [code for code, _label in error.options]
        return PastedName(written, status, "", codes, str(error), **said)
    code = SHEETS.listed.written(record)
    return PastedName(written, "recognised", code, [code], said["footnote"], **said)


def _could_be_another(pasted: Pasted, known: Known) -> bool:
    """Whether the name with its remark is more like another state: “Guinea (Bisau)” is not read as Guinea."""
    try:
        known.find(SHEETS.listed, pasted.text)
    except Unknown as error:
        meant = {SHEETS.listed.written(one) for one in known.directory(SHEETS.listed).meant(pasted.name)}
        return any(code not in meant for code, _label in error.options)
    return False


def _said(pasted: Pasted) -> dict:
    """What the list says of a name: its role, by what stands nearest to it, and all else as its footnote."""
    notes = list(filter(None, [pasted.remark, pasted.footnote]))
    roles = {note: role for note in notes if (role := _role_of(note, pasted))}
    clear = len(set(roles.values())) == 1 and not any(speaks_of_roles(note) for note in notes if note not in roles)
    used = list(roles) if clear else []
    left = [note for note in notes if note not in used]
    unclear = [note for note in left if note == pasted.remark or speaks_of_roles(note) or not note.endswith(".")]
    role, role_words = (roles[used[0]], "; ".join(used)) if used else (role_in(pasted.heading), pasted.heading)
    if pasted.heading and not used and not role:
        unclear.append(pasted.heading)
    footnote = " ".join(left) if len(left) < 2 else f"{left[0]}. {left[1]}"
    return {"footnote": footnote, "role": role, "role_words": role_words if role else "", "unclear": unclear}


def _role_of(note: str, pasted: Pasted) -> str:
    return role_of_one(note) if note == pasted.remark else role_in(note)


def told_of_roles(names: list[PastedName]) -> list[str]:
    """Sentences: which roles the list itself gave, and which of its words gave none."""
    told, counts = [], Counter(name.role for name in names if name.role)
    if counts:
        said = [f"{counts[role]} {several if counts[role] > 1 else role}" for role, several in ROLES if counts[role]]
        told.append(f"Roles out of the list: {', '.join(said)}.")
    if unclear := list(dict.fromkeys(cut(words) for name in names for words in name.unclear)):
        told.append(f"Not used for a role: {listed(unclear)}.")
    return told


def listed(texts: list[str]) -> str:
    """The first few of them, in quotes, and how many there are more."""
    more = f" and {len(texts) - MOST_TOLD} more" if len(texts) > MOST_TOLD else ""
    return f"{', '.join(f'“{text}”' for text in texts[:MOST_TOLD])}{more}"


def as_sheet(names: list[PastedName], resource: type[SheetResource], chosen: dict[str, str]) -> bytes:
    """A csv file with a row for each name; `chosen` are the texts of the other columns, the same for all.

    Only the role is another where the list says one; where the kind of sheet has none, that is in the footnote.
    """
    filled = {name: text for name, text in chosen.items() if text}
    has_role, has_footnote = (column in resource.columns() for column in (ROLE, FOOTNOTE))
    rows = []
    for name in names:
        row = filled | {"state": name.text}
        if has_role and name.role:
            row[ROLE] = name.role
        if has_footnote:
            words = "" if has_role else name.role_words
            row[FOOTNOTE] = "; ".join(filter(None, [words, name.footnote]))
        rows.append(row)
    columns = [column for column in dict.fromkeys([*filled, "state", ROLE, FOOTNOTE]) if any(map(_has(column), rows))]
    lines = io.StringIO(newline="")
    sheet = csv.writer(lines)
    sheet.writerow(columns)
    for row in rows:
        sheet.writerow([harmless(row.get(column, "")) for column in columns])
    return lines.getvalue().encode()


def _has(column: str):
    return lambda row: bool(row.get(column))
