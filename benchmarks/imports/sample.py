"""Sheets of attendance as large as asked for, and the states and conferences that they name.

The states are the real ones with their real other names; each conference is attended by all of them, so that
no two rows have the same two keys.
"""

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STATES_CSV = Path(__file__).parents[2] / "data" / "states.csv"
HEADINGS = ["conference_slug", "iso3", "name_as_listed", "role", "footnote", "source_url"]
STATES = 200
CONFERENCES = 500  # enough for the largest sheet


@dataclass(frozen=True)
class SampleState:
    iso3: str
    iso2: str
    name: str
    official_name: str
    region: str
    other_names: tuple[str, ...] = ()


def states() -> list[SampleState]:
    """The real states, and as many that do not exist as make two hundred."""
    with STATES_CSV.open(encoding="utf-8") as file:
        real = [
            SampleState(
                iso3=row["iso3"],
                iso2=row["iso2"],
                name=row["name"],
                official_name=row["official_name"],
                region=row["m49_region"],
                other_names=tuple(filter(None, row["aliases"].split(";"))),
            )
            for row in csv.DictReader(file)
        ]
    letters = "ABCDEFGHIJ"[: STATES - len(real)]
    invented = [
        SampleState(f"XX{a}", f"X{a}", f"Atlantis {a}", f"Republic of Atlantis {a}", "Oceania") for a in letters
    ]
    return real + invented


def slug(conference: int) -> str:
    return f"meeting-{conference:03}"


def rows(count: int) -> Iterator[list[str]]:
    """`count` rows under HEADINGS; raises ValueError where there are not so many pairs of keys."""
    if count > STATES * CONFERENCES:
        raise ValueError(f"There are {STATES * CONFERENCES} pairs of a state and a conference.")
    present = states()
    for number in range(count):
        conference, place = divmod(number, STATES)
        state = present[place]
        spellings = (state.name, state.name, state.name, state.official_name or state.name)
        # As long as they are in data/attendance.csv.
        yield [
            slug(conference),
            state.iso3,
            spellings[number % len(spellings)],
            "observer" if number % 12 == 5 else "participant",
            "Named in the report, not in the list of participants" if number % 8 == 3 else "",
            f"https://www.example.org/process/{slug(conference)}/list-of-participants.pdf#page={1 + place // 20}",
        ]


def csv_of(count: int) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows(count)])
    return text.getvalue().encode()


def xlsx_of(count: int) -> bytes:
    from openpyxl import Workbook  # here, because what starts the measurements stays small

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Attendance")
    sheet.append(HEADINGS)
    for row in rows(count):
        sheet.append([cell or None for cell in row])  # an empty cell is none, as a spreadsheet program saves it
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


FORMATS = {"csv": csv_of, "xlsx": xlsx_of}


def write_sheets(folder: Path, sizes: list[int]) -> dict[str, int]:
    """Write a sheet of each format and size, and return its bytes by its name."""
    written = {}
    for size in sizes:
        for suffix, make in FORMATS.items():
            sheet = folder / file_name(size, suffix)
            written[sheet.name] = sheet.write_bytes(make(size))
    return written


def file_name(size: int, suffix: str) -> str:
    return f"attendance-{size}.{suffix}"


if __name__ == "__main__":
    print(json.dumps(write_sheets(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])))
