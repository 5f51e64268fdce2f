"""What a page shows of the filters of its list."""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Option:
    """A value of a facet, as the page offers it; `number` is its place among all, and stays when others go."""

    number: int
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    name: str
    label: str
    options: list[Option]

    @property
    def checkboxes(self) -> SafeString:
        """The options as HTML. There are hundreds on a page, for which a template takes as long as for all the rest."""
        return mark_safe("\n".join(map(self._checkbox, self.options)))  # noqa: S308 -- escaped

    def _checkbox(self, one: Option) -> str:
        name, checked = self.name, " checked" if one.chosen else ""
        box = f'<input type="checkbox" name="{name}" value="{escape(one.value)}" id="{name}-{one.number}"{checked}>'
        return f'<label>{box} <span>{escape(one.label)}</span> <span class="number">{one.count}</span></label>'

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]


@dataclass(frozen=True)
class Way:
    """A way to show the list; the default one has no parameter."""

    label: str
    parameter: str | None
    current: bool


@dataclass(frozen=True)
class Chip:
    """A filter in use; `query` is the address of the list without it."""

    name: str
    label: str
    value: str
    query: str
