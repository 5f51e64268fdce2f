"""What somebody mends in the preview of an import: cells, rows that are left out, names that are taught."""

from collections import defaultdict

from django.conf import settings
from django.http import QueryDict

from .answers import SheetAnswers
from .known import Known, Unknown
from .resources import SHEETS
from .uploads import Upload


def mend(upload: Upload, data: QueryDict) -> str:
    """Take over the cells `cell:SHEET:ROW:PLACE`, and leave out the rows `out:SHEET:ROW`; a sentence if that fails."""
    refused = defaultdict(list)  # of a matrix, several for one row
    for row in upload.refused():
        refused[row["sheet_number"], row["number"]].append(row)
    for name, text in [(name, text) for name, texts in data.lists() for text in texts]:
        what, _colon, where = name.partition(":")
        if what not in ("cell", "out"):
            continue
        sheet, number, place = _numbers(where)
        rows = refused.get((sheet, number))
        if rows is None:
            return "A row that is to be mended is not refused any more. Look again."
        if len(text) > settings.IMPORT_MAX_CELL:
            return f"A cell has at most {settings.IMPORT_MAX_CELL:,} characters."
        answers = upload.answers.of(rows[0]["file"], rows[0]["sheet"])
        if what == "out":
            _leave_out(answers, number)
        for row in rows if what == "cell" else ():
            _mend_cell(answers, row, place, text)
    upload.save()
    return ""


def _numbers(where: str) -> list[int | None]:
    """Up to three numbers out of `1:2:3`, and None for what is missing or none of ours."""
    numbers = [int(part) if part.isdecimal() and len(part) < 8 else None for part in where.split(":")]
    return [*numbers, None, None, None][:3]


def _mend_cell(answers: SheetAnswers, row: dict, place: int | None, text: str) -> None:
    """Note a cell that was changed; of the others, nothing is to be noted."""
    text = "\n".join(text.replace("\0", "").strip().splitlines())
    shown = next((field["text"] for field in row["fields"] if field["place"] == place), None)
    if shown is not None and text != "\n".join(shown.splitlines()):
        answers.cells.setdefault(row["number"], {})[place] = text


def leave_out_refused(upload: Upload) -> None:
    for row in upload.refused():
        _leave_out(upload.answers.of(row["file"], row["sheet"]), row["number"])
    upload.save()


def _leave_out(answers: SheetAnswers, number: int) -> None:
    if number not in answers.left_out:
        answers.left_out.append(number)


def teach(upload: Upload, number: int, code: str, user) -> str:
    """Let the unknown text with this number mean `code`; for good, where its like can be recorded.

    Nothing is recorded before the import is confirmed, and its undoing takes it back.
    """
    if number >= len(upload.data["unknown"]) or not code:
        return "Choose what it means."
    unknown = upload.data["unknown"][number]
    if unknown["for_good"]:
        try:
            code = SHEETS.listed.written(Known().find(SHEETS.listed, code))
        except Unknown as error:
            return str(error)
    if unknown["for_good"] and _may_teach(user):
        upload.answers.taught[unknown["text"]] = code
    else:
        _read_as(upload, unknown, code)
    upload.save()
    return ""


def _may_teach(user) -> bool:
    options = SHEETS.listed.others[0]._meta
    return user.has_perm(f"{options.app_label}.add_{options.model_name}")


def _read_as(upload: Upload, unknown: dict, code: str) -> None:
    """Read the text as `code` in all columns that name such a thing."""
    for sheet in upload.data["sheets"]:
        columns = SHEETS.kind(sheet["kind"]).columns().items() if sheet["kind"] else ()
        for name, column in columns:
            if column.widget.word == unknown["word"]:
                said = upload.answers.of(sheet["file"], sheet["name"]).meanings.setdefault(name, {})
                said[unknown["text"].casefold()] = code
