"""An import that is looked at and mended, until it is confirmed: files in a folder, and nothing in the database."""

import datetime
import json
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings

from .answers import Answers
from .importing import preview
from .models import Batch
from .outcomes import Outcome
from .plans import Fault, RowPlan, SheetPlan
from .working import is_at_work, progress_of

KEPT_FOR = 7 * 24 * 60 * 60  # seconds
ANSWERED_BY = ("options", "ambiguous", "for_good")
SHOWN = 300  # characters of a text in a preview


class Expired(Exception):
    """The files are not there any more, or not this user's."""


class Upload:
    """The files of one import, what was said about them, and what they would do as the records are now."""

    def __init__(self, key: str, data: dict):
        self.key, self.data = key, data
        self.answers = Answers.from_json(data["answers"])

    @classmethod
    def make(cls, files: dict[str, bytes], user, answers: Answers | None = None, batch: Batch | None = None):
        """A new one; `batch` is that whose held rows it is about."""
        _forget_old_ones()
        data = {"user": user.pk, "names": list(files), "answers": (answers or Answers()).as_json()}
        upload = cls(uuid.uuid4().hex, data | {"batch": batch and batch.pk})
        upload.folder.mkdir(parents=True)
        for number, content in enumerate(files.values()):
            (upload.folder / str(number)).write_bytes(content)
        upload.save()
        return upload

    @classmethod
    def open(cls, key: str, user) -> "Upload":
        """Raises Expired."""
        try:
            data = json.loads((_folder() / uuid.UUID(key).hex / "upload.json").read_text())
        except (OSError, ValueError) as error:
            raise Expired from error
        if data["user"] != user.pk:
            raise Expired
        return cls(key, data)

    @classmethod
    def of_user(cls, user) -> list["Upload"]:
        """Those that wait to be confirmed, the latest first."""
        found = []
        for path in sorted(_folder().glob("*/upload.json"), key=lambda path: -path.stat().st_mtime):
            try:
                found.append(cls.open(path.parent.name, user))
            except Expired:
                continue
        return found

    @property
    def folder(self) -> Path:
        return _folder() / self.key

    @property
    def names(self) -> list[str]:
        return self.data["names"]

    @property
    def files(self) -> dict[str, bytes]:
        return {name: (self.folder / str(number)).read_bytes() for number, name in enumerate(self.names)}

    @property
    def batch(self) -> Batch | None:
        """The batch whose held rows these are."""
        return Batch.objects.filter(pk=self.data["batch"]).first() if self.data["batch"] else None

    def save(self, **changes) -> None:
        """Note what is new; of an import that is confirmed and forgotten there is nothing to note."""
        self.data |= changes | {"answers": self.answers.as_json()}
        if self.folder.exists():
            _write(self.folder / "upload.json", lambda file: json.dump(self.data, file))

    def take(self) -> bool:
        """Whether it is ours to confirm: of two who confirm it at once, only one may."""
        try:
            (self.folder / "taken").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def give_back(self) -> None:
        (self.folder / "taken").unlink(missing_ok=True)

    def replace_file(self, number: int, name: str, content: bytes) -> None:
        """Take a mended file in place of one; what was said of its columns and names still holds."""
        old = self.names[number]
        said = self.answers.sheets.pop(old, {})
        for sheet in said.values():
            sheet.cells, sheet.left_out = {}, []
        if len(said) == 1:
            said = {"": next(iter(said.values())), **said}
        self.answers.sheets[name] = said
        (self.folder / str(number)).write_bytes(content)
        self.save(names=[name if place == number else other for place, other in enumerate(self.names)])

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    # What it would do

    def look(self, user) -> None:
        """Find out what the files would do now, and note it, row by row."""
        look = _Look()
        found = []

        def write(lines) -> None:
            look.lines = lines
            found.extend(preview(self.files, user, self.answers, look.note))

        _write(self.folder / "rows", write)
        plans, digest = found
        sheets = [_sheet(sheet) for plan in plans for sheet in plan.sheets]
        unread = [{"file": plan.file, "message": fault.message} for plan in plans for fault in plan.faults]
        self.save(digest=digest, sheets=sheets, unread=unread, unknown=look.unknown_texts(), changed=False)

    @property
    def counts(self) -> dict[str, int]:
        return {str(one): sum(sheet["counts"].get(one, 0) for sheet in self.data["sheets"]) for one in Outcome}

    @property
    def looked_at(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp((self.folder / "upload.json").stat().st_mtime, datetime.UTC)

    @property
    def unsure(self) -> list[int]:
        """The numbers of the sheets that are not recognised yet."""
        return [number for number, sheet in enumerate(self.data["sheets"]) if sheet["question"]]

    @property
    def can_be_confirmed(self) -> bool:
        left_out = any(one.left_out for sheets in self.answers.sheets.values() for one in sheets.values())
        counts, faulty = self.counts, any(sheet["faults"] for sheet in self.data["sheets"])
        held_no_more = self.data["batch"] and (left_out or counts[Outcome.UNCHANGED])
        something = counts[Outcome.NEW] or counts[Outcome.CHANGED] or held_no_more
        return bool(something) and not faulty and not self.data["unread"]

    def rows(self, outcome: str, start: int, count: int) -> list[dict]:
        """`count` rows with this outcome, of all outcomes if it is empty, from the `start`th on."""
        with (self.folder / "rows").open(encoding="utf-8") as lines:
            wanted = (line for line in lines if not outcome or line.startswith(outcome + "\t"))
            return [self._row(line) for line in islice(wanted, start, start + count)]

    def refused(self) -> Iterator[dict]:
        with (self.folder / "rows").open(encoding="utf-8") as lines:
            yield from (self._row(line) for line in lines if line.startswith(Outcome.REFUSED + "\t"))

    def _row(self, line: str) -> dict:
        outcome, _tab, noted = line.partition("\t")
        row = json.loads(noted)
        sheets = self.data["sheets"]
        number = next(n for n, one in enumerate(sheets) if (one["file"], one["name"]) == (row["file"], row["sheet"]))
        corrected = self.answers.of(row["file"], row["sheet"]).cells.get(row["number"], {})
        row |= {"outcome": outcome, "sheet_number": number, "corrected": corrected}
        if "faults" in row:
            row["fields"] = _fields(row, sheets[number]["headers"])
        return row

    # While it is written

    @property
    def is_being_written(self) -> bool:
        return bool(self.data.get("working")) and is_at_work(self.data["working"])

    @property
    def progress(self) -> int:
        return progress_of(self.data["working"])


def reopen(batch: Batch, user) -> Upload:
    """The rows that a batch holds, to be mended."""
    answers = Answers.from_json(batch.answers)
    files = {}
    for file in batch.files.prefetch_related("sheets"):
        for sheet in file.sheets.all():
            answers.of(file.name, sheet.name).only = list(sheet.rows_that_were(Outcome.REFUSED))
        if any(sheet.refused for sheet in file.sheets.all()):
            with file.content.open("rb") as content:
                files[file.name] = content.read()
    answers.drop_sheets_without_rows(files)
    return Upload.make(files, user, answers, batch)


class _Look:
    """Notes each row as it is planned, and the names that nobody has."""

    def __init__(self):
        self.lines, self.unknown = None, {}
        self.times = Counter()

    def note(self, sheet: SheetPlan, row: RowPlan) -> None:
        noted = {
            "file": sheet.file,
            "sheet": sheet.name,
            "number": row.number,
            "part": row.entry.part,
            "record": str(row.record)[:SHOWN] if row.record else "",
            "changes": [[name, old[:SHOWN], new[:SHOWN]] for name, (old, new) in row.changes.items()],
        }
        if row.faults:
            noted["cells"] = row.entry.cells
            noted["places"] = row.entry.places
            noted["faults"] = [self._fault(fault) for fault in row.faults]
        self.lines.write(f"{row.outcome}\t{json.dumps(noted, ensure_ascii=False)}\n")

    def _fault(self, fault: Fault) -> dict:
        if fault.unknown:
            key = (fault.unknown.word, fault.unknown.text)
            self.times[key] += 1
            self.unknown.setdefault(key, fault.unknown)
        return {"place": fault.place, "column": fault.column, "value": fault.value, "message": fault.message}

    def unknown_texts(self) -> list[dict]:
        """What nobody knows, the most frequent first, and what may be meant."""
        return [
            {"times": times, **{name: getattr(self.unknown[key], name) for name in ("word", "text", *ANSWERED_BY)}}
            for key, times in self.times.most_common()
        ]


def _sheet(sheet: SheetPlan) -> dict:
    return {
        "file": sheet.file,
        "name": sheet.name,
        "kind": sheet.kind,
        "question": sheet.question,
        "faults": [fault.message for fault in sheet.faults],
        "headers": sheet.layout.headers if sheet.layout else [],
        "passed_over": sheet.layout.passed_over if sheet.layout else [],
        "counts": {str(outcome): count for outcome, count in sheet.counts.items()},
    }


def _fields(row: dict, headers: list[str]) -> list[dict]:
    """The cells of a refused row that were read, to be mended."""
    bad = {fault["place"] for fault in row["faults"]} - {None}
    places = sorted(bad | set(row["places"].values()) - {None})
    return [
        {
            "place": place,
            "heading": headers[place] if place < len(headers) else f"column {place + 1}",
            "text": row["cells"][place] if place < len(row["cells"]) else "",
            "bad": place in bad,
        }
        for place in places
    ]


def _write(path: Path, write) -> None:
    """Let `write` fill a file, which takes the place of the old one when it is whole."""
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    with temporary.open("w", encoding="utf-8") as file:
        write(file)
    temporary.replace(path)


def _folder() -> Path:
    return settings.VAR_DIR / "imports"


def _forget_old_ones() -> None:
    for path in _folder().glob("*"):
        if path.stat().st_mtime < time.time() - KEPT_FOR:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
