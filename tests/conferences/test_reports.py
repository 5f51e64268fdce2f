import pytest

from conferences.models import ReportPoint
from tests.factories import ReportFactory, ReportPointFactory, StateFactory

pytestmark = pytest.mark.django_db


def test_body_of_a_report_is_saved_as_safe_html():
    report = ReportFactory(body="First <i>things</i><script>alert(1)</script>")
    report.refresh_from_db()
    assert report.body == "First <i>things</i>"


def test_plain_body_of_a_report_becomes_paragraphs_once():
    report = ReportFactory(body="Lima & after\n\nOslo")
    report.save()
    report.full_clean()
    report.refresh_from_db()
    assert report.body == "<p>Lima &amp; after</p>\n\n<p>Oslo</p>"


def test_points_come_by_kind_and_in_their_order():
    report = ReportFactory()
    last = ReportPointFactory(report=report, kind="highlight", order=2)
    setback = ReportPointFactory(report=report, kind="setback", order=1)
    first = ReportPointFactory(report=report, kind="highlight", order=1)
    assert list(report.points.all()) == [first, last, setback]


def test_point_names_the_states_that_it_is_about():
    laos, peru = StateFactory.create_batch(2)
    point = ReportPointFactory(states=[laos, peru])
    assert list(point.states.order_by("pk")) == [laos, peru]
    assert list(ReportPoint.objects.filter(states=laos)) == [point]
