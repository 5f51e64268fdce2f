from django.http import FileResponse, Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from conferences.models import Topic
from oslo.listing import RecordDetail, RecordList, gone
from oslo.search import Words
from states.matrix import MatrixColumn, StateMatrix

from .filters import PositionFilterSet, PositionMatrixFilterSet, StatementFilterSet
from .models import Position, Statement
from .quotes import paragraphs
from .resources import PositionResource, StatementResource


class StatementList(RecordList):
    queryset = Statement.objects.published().select_related("group", "organization", "conference")
    filterset_class = StatementFilterSet
    resource_class = StatementResource
    template_name = "statements/statement_list.html"
    noun = "statements"
    paginate_by = 50
    description = "What was said, by states, groups and organizations, with full-text search."

    def get_queryset(self):
        return super().get_queryset().prefetch_related("states")

    def get_context_data(self, page) -> dict:
        context = super().get_context_data(page)
        words = Words(self.filterset.value("q") or "")
        for statement in page.object_list:
            statement.heading = words.highlight(statement.title) if words else statement.title
            statement.passage = words.passage(statement.found_in(words)) if words else statement.summary
        return context


class PositionList(RecordList):
    queryset = Position.objects.select_related("state", "topic", "conference", "statement")
    filterset_class = PositionFilterSet
    resource_class = PositionResource
    template_name = "statements/position_list.html"
    noun = "positions"
    paginate_by = 50
    description = "Where each state stands on each topic on any day, with the evidence."

    def get_context_data(self, page) -> dict:
        return super().get_context_data(page) | {"topic": self.filterset.only("topic")}


class PositionMatrix(StateMatrix):
    """Who stands where: states by topics."""

    filterset_class = PositionMatrixFilterSet
    noun = "states"
    title = "Who stands where"
    description = "States by topics: supports, conditional, undecided, opposes or announced."
    caption = "States by topics: the stance of each"

    @cached_property
    def signs(self) -> dict[str, SafeString]:
        return {stance: render_to_string("includes/sign.html", {"stance": stance}) for stance in Position.Stance.values}

    @property
    def file_name(self) -> str:
        return f"positions-{super().file_name}"

    def columns(self):
        topics, chosen = Topic.objects.all(), self.filterset.chosen.get("topic")
        return [
            MatrixColumn(one.pk, one.slug, one.name, url=f"{reverse('positions')}?topic={one.slug}")
            for one in (topics.filter(slug__in=chosen) if chosen else topics)
        ]

    def cells(self):
        of = self.filterset.positions().order_by()
        return {(state, topic): stance for state, topic, stance in of.values_list("state", "topic", "stance")}


class StatementDetail(RecordDetail):
    queryset = Statement.objects.select_related("group", "organization", "conference").prefetch_related(
        "states", "topics"
    )

    def get_context_data(self, **kwargs):
        positions = self.object.positions.known_by(self.as_of.on).select_related("state", "topic")
        positions = positions.order_by("topic__name", "state__slug")
        hidden = self.as_of.in_the_past and self.object.date > self.as_of.on
        members = list(self.object.members())
        return super().get_context_data(
            hidden=hidden,
            positions=positions,
            words=paragraphs(self.object.text, [(one.quote, one.topic) for one in positions]),
            members=members,
            members_undated=sum(one.start is None for one in members),
            members_since_known=sum(one.start is not None for one in members),
            description="" if hidden else self.object.summary,
            **kwargs,
        )


def statement_document(request, pk: int) -> FileResponse | HttpResponse:
    """The document of a statement, for those who may read the statement."""
    statements = Statement.objects.filter(pk=pk)
    statement = statements.visible_to(request.user).first()
    if statement is None and statements.withdrawn().exists():
        return gone(request, Statement)
    if statement is None or not statement.document:
        raise Http404("There is no such statement, or it has no document.")
    try:
        return FileResponse(statement.document.open(), as_attachment=True)
    except FileNotFoundError:
        raise Http404("The document of this statement is not where it was put.") from None
