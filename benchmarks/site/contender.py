"""The list of statements as one would write it with SQL alone: a GROUP BY for each facet, nothing kept in memory."""

import csv
import io
from collections import Counter
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from oslo.filters import Choice
from oslo.search import Words
from statements.filters import OfStatesOnRecordFilterSet, StatementFilterSet
from statements.models import Statement
from statements.resources import StatementResource
from statements.views import StatementList
from states.models import Commitment, Membership

OF_STATE, OF_TOPIC = Statement.states.through, Statement.topics.through
GROUPED_BY = {
    "topic": "topics__slug",
    "conference": "conference__slug",
    "state": "states__slug",
    "region": "states__region",
    "organization": "organization__name",
    "language": "language",
}
ORDERS = {"-date": ("-date", "title", "pk"), "date": ("date", "-title", "-pk"), "title": ("title", "-date", "pk")}


class SqlFilterSet(StatementFilterSet):
    """The same form with the same choices; which statements fit, and the counts, are asked of the database."""

    @cached_property
    def choices(self):
        spoken = Statement.objects.published().exclude(language="").order_by("language")
        languages = [Choice(one, one) for one in spoken.values_list("language", flat=True).distinct()]
        return super(OfStatesOnRecordFilterSet, self).choices | {"language": languages}

    @property
    def counted(self):
        return self

    @property
    def rows(self) -> QuerySet:
        return self.narrowed().order_by(*ORDERS[self.value("sort") or "-date"]).values_list("pk", flat=True)

    @property
    def undated_left_out(self) -> int:
        """Every statement has a date; what memberships and commitments have none is not counted here."""
        return 0

    @property
    def memberships(self) -> QuerySet:
        return Membership.objects.valid(self.as_of.on, undated=self.undated)

    @property
    def commitments(self) -> QuerySet:
        return Commitment.objects.in_force(self.as_of.on, undated=self.undated)

    def narrowed(self, but: str = "") -> QuerySet:
        """The statements that fit everything but the facet `but`."""
        found = self.in_span(Statement.objects.published().known_by(self.as_of.on))
        if q := self.value("q"):
            found = found.search(Words(q))
        for name, values in self.chosen.items():
            if name != but:
                found = found.filter(self.fits(name, values))
        return found.order_by()

    def fits(self, name: str, values: frozenset[str]) -> Q:
        match name:
            case "topic":
                return Q(pk__in=OF_TOPIC.objects.filter(topic__slug__in=values).values("statement"))
            case "state":
                return self.of_states(state__slug__in=values)
            case "region":
                return self.of_states(state__region__in=values)
            case "group":
                members = self.memberships.filter(group__slug__in=values)
                return Q(group__slug__in=values) | self.of_states(state__in=members.values("state"))
            case "instrument":
                committed = self.commitments.filter(instrument__slug__in=values)
                return self.of_states(state__in=committed.values("state"))
        return Q(**{f"{GROUPED_BY[name]}__in": values})

    @staticmethod
    def of_states(**which) -> Q:
        return Q(pk__in=OF_STATE.objects.filter(**which).values("statement"))

    def counts(self, name: str) -> dict[str, int]:
        """How many statements there would be with each value, if it were the only one chosen of the facet."""
        others = self.narrowed(but=name)
        if name == "group":  # no statement of the sample is made by a group and by states
            members = others.filter(states__memberships__in=self.memberships.values("pk"))
            return self.by(members, "states__memberships__group__slug") + self.by(others, "group__slug")
        if name == "instrument":
            committed = others.filter(states__commitments__in=self.commitments.values("pk"))
            return self.by(committed, "states__commitments__instrument__slug")
        return self.by(others, GROUPED_BY[name])

    @staticmethod
    def by(statements: QuerySet, column: str) -> Counter:
        counted = dict(statements.values_list(column).annotate(Count("pk", distinct=True)))
        return Counter({value: count for value, count in counted.items() if value})


class SqlList(StatementList):
    filterset_class = SqlFilterSet


def naive_csv(request: HttpRequest) -> HttpResponse:
    """The same columns of all statements, made in memory from a list of all rows."""
    resource, text = StatementResource(), io.StringIO()
    columns, writer = resource.get_export_fields(), csv.writer(text)
    writer.writerow(column.column_name for column in columns)
    statements = Statement.objects.published().select_related("group", "organization", "conference")
    for statement in list(resource.filter_export(statements.prefetch_related("states"))):
        writer.writerow(resource.export_field(column, statement) for column in columns)
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
