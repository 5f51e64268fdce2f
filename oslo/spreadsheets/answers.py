"""What somebody says about the sheets of an import, where the sheets do not say it themselves."""

from dataclasses import asdict, dataclass, field, replace

REMEMBERED = ("kind", "columns", "across", "cell", "headings", "meanings")


@dataclass
class SheetAnswers:
    """About one sheet; all of it may be left to be found out.

    `columns` are {position: name of the column, or "" to pass it over}. In a matrix the headings name the
    column `across` ({position: text} in `headings`), and the cells below them fill the column `cell`.
    `constants` are {column: text} for every row; `meanings` {column: {cell: text to read instead}};
    `cells` corrections, {row: {position: text}}; `left_out` rows that are not imported, and `only`, if
    there are any, those that are. A sheet that is `passed_over` is not read at all.
    """

    kind: str = ""
    header: int = 0
    columns: dict[int, str] = field(default_factory=dict)
    across: str = ""
    cell: str = ""
    headings: dict[int, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, dict[str, str]] = field(default_factory=dict)
    day_first: bool | None = None
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
    only: list[int] = field(default_factory=list)
    confirmed: bool = False
    passed_over: bool = False

    @classmethod
    def from_json(cls, data: dict) -> "SheetAnswers":
        answers = cls(**data)
        answers.columns = {int(position): name for position, name in answers.columns.items()}
        answers.headings = {int(position): text for position, text in answers.headings.items()}
        answers.cells = {
            int(row): {int(position): text for position, text in cells.items()} for row, cells in answers.cells.items()
        }
        return answers

    def to_remember(self) -> dict:
        """What holds for the next sheet with the same headings: of what cells mean, only the legend of a matrix."""
        legend = {name: said for name, said in self.meanings.items() if name == self.cell}
        return {name: getattr(self, name) for name in REMEMBERED} | {"meanings": legend}

    def with_remembered(self, remembered: dict) -> "SheetAnswers":
        known = SheetAnswers.from_json(remembered)
        return replace(self, **{name: getattr(known, name) for name in REMEMBERED}, confirmed=True)


@dataclass
class Answers:
    """About a whole import: names that were `taught`, {name: code of its record}, and each sheet's answers."""

    taught: dict[str, str] = field(default_factory=dict)
    pasted: str = ""  # the text of a list that was pasted
    sheets: dict[str, dict[str, SheetAnswers]] = field(default_factory=dict)  # by file and sheet

    @classmethod
    def from_json(cls, data: dict) -> "Answers":
        sheets = {
            file: {name: SheetAnswers.from_json(one) for name, one in by_name.items()}
            for file, by_name in data.get("sheets", {}).items()
        }
        return cls(dict(data.get("taught", {})), data.get("pasted", ""), sheets)

    def as_json(self) -> dict:
        return asdict(self)

    def of(self, file: str, sheet: str) -> SheetAnswers:
        return self.sheets.setdefault(file, {}).setdefault(sheet, SheetAnswers())

    def drop_sheets_without_rows(self, files) -> None:
        """Of `files`, leave only the sheets of which there are rows that are wanted."""
        self.sheets = {file: self.sheets.get(file, {}) for file in files}
        for sheets in self.sheets.values():
            for sheet in sheets.values():
                sheet.passed_over = not sheet.only
