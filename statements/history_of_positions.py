"""What a position came after: where the state stood on the topic until then."""

from django.db.models import OuterRef, Subquery

from .models import Position


def with_previous(positions) -> list[Position]:
    """The positions, each with the one that held on its topic before it as `previous` (None: it is the first).

    Positions that hold on a day are the latest of each state on each topic (`held`), so the previous one is
    the latest of an earlier day. Two queries, whatever the number of positions.
    """
    earlier = Position.objects.filter(
        state=OuterRef("state"), topic=OuterRef("topic"), date__lt=OuterRef("date")
    ).order_by("-date")
    found = list(positions.annotate(previous_pk=Subquery(earlier.values("pk")[:1])))
    keys = positions.order_by().annotate(previous_pk=Subquery(earlier.values("pk")[:1])).values("previous_pk")
    previous = {one.pk: one for one in Position.objects.filter(pk__in=keys).select_related("conference")}
    for position in found:
        position.previous = previous.get(position.previous_pk)
    return found
