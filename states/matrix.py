"""States down and something else across: who was where, who stands where."""

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from oslo.files import Table
from oslo.listing import RecordList

from .models import State

EMPTY = mark_safe("<td></td>")


@dataclass(frozen=True)
class MatrixColumn:
    key: int
    slug: str
    label: str
    note: str = ""
    url: str = ""


class StateMatrix(RecordList):
    """A list of states with a cell for each column; the file has one column for each too.

    `signs` are the values of a cell with the sign that stands for each. What has no record is an empty cell.
    """

    queryset = State.objects.all()
    template_name = "states/matrix.html"
    paginate_by = 250
    signs: dict[str, str] = {}
    caption = ""

    def columns(self) -> list[MatrixColumn]:
        raise NotImplementedError

    def cells(self) -> dict[tuple[int, int], str]:
        """The value of each cell, by the keys of state and column."""
        raise NotImplementedError

    @cached_property
    def cells_html(self) -> dict[str, str]:
        """A cell of each value: the sign for the eye, the word for the ear."""
        cell = '<td class="cell {}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></td>'
        return {value: format_html(cell, value, sign, value) for value, sign in self.signs.items()}

    def get_context_data(self, page) -> dict:
        context = super().get_context_data(page)
        columns, cells, html = self.columns(), self.cells(), self.cells_html
        values = [{c.key: cells.get((state.pk, c.key)) for c in columns} for state in page.object_list]
        totals = Counter(column for (state, column) in cells if state in self.filterset.rows.found)
        return context | {
            "heading": self.title,
            "caption": self.caption,
            "columns": columns,
            "signs": self.signs,
            "rows": [
                (state, [html[value] if value else EMPTY for value in of_state.values()])
                for state, of_state in zip(page.object_list, values, strict=True)
            ],
            "totals": [totals[c.key] for c in columns],
        }

    def table(self) -> Table:
        columns, cells = self.columns(), self.cells()
        states = list(self.all_records(self.get_queryset()))
        return Table(
            name=self.file_name,
            sheet=self.noun,
            headings=["iso3", "state", *(column.slug for column in columns)],
            rows=(
                [state.iso3, state.name, *(cells.get((state.pk, column.key), "") for column in columns)]
                for state in states
            ),
            meta=self.meta(),
        )
