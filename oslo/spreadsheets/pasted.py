"""A list of names out of a press release or an e-mail, made into a sheet like any other."""

import csv
import io
from dataclasses import dataclass, field

from .cells import harmless
from .known import Known, Unknown
from .pasting import split_list
from .resources import SHEETS, SheetResource

FILE_NAME = "pasted-list.csv"


@dataclass
class PastedName:
    """One name of a list: `status` is recognised, ambiguous or unknown."""

    text: str
    status: str
    code: str = ""
    candidates: list[str] = field(default_factory=list)
    note: str = ""
    footnote: str = ""


def read_list(text: str, known: Known) -> list[PastedName]:
    """The names in a text, in their order, each with the state that it is or could be."""
    directory = known.directory(SHEETS.listed)
    return [_named(pasted, known) for pasted in split_list(text, lambda name: bool(directory.meant(name)))]


def _named(pasted, known: Known) -> PastedName:
    try:
        record = known.find(SHEETS.listed, pasted.text)
    except Unknown as error:
        status = "ambiguous" if error.ambiguous else "unknown"
        codes = [code for code, _label in error.options]
        return PastedName(pasted.text, status, "", codes, str(error), pasted.footnote)
    code = SHEETS.listed.written(record)
    return PastedName(pasted.text, "recognised", code, [code], pasted.footnote, pasted.footnote)


def as_sheet(names: list[PastedName], resource: type[SheetResource], chosen: dict[str, str]) -> bytes:
    """A csv file with a row for each name; `chosen` are the texts of the other columns, the same for all."""
    filled = {name: text for name, text in chosen.items() if text}
    footnotes = "footnote" in resource.columns() and any(name.footnote for name in names)
    lines = io.StringIO(newline="")
    sheet = csv.writer(lines)
    sheet.writerow([*filled, "state", *(["footnote"] if footnotes else [])])
    for name in names:
        cells = [*filled.values(), name.text, *([name.footnote] if footnotes else [])]
        sheet.writerow([harmless(cell) for cell in cells])
    return lines.getvalue().encode()
