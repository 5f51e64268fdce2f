"""An export is the way back in: imported again it changes nothing."""

import json

import pytest

from oslo.demo import import_demo_data
from oslo.spreadsheets.formats import Csv, Ods, Xlsx
from oslo.spreadsheets.importing import import_files
from oslo.spreadsheets.resources import SHEETS
from states.models import Instrument
from tests.factories import ConferenceFactory, ReportFactory, StateFactory, StateNameFactory, TopicFactory

from .sheets import counts

pytestmark = pytest.mark.django_db


def as_bytes(content) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


@pytest.mark.parametrize("file_format", [Csv, Xlsx, Ods])
def test_every_admin_export_comes_in_again_unchanged(file_format):
    import_demo_data()
    exports = {r.sheet_kind: r().export() for r in SHEETS.resources}
    suffix = file_format().get_extension()
    files = {f"{kind}.{suffix}": as_bytes(file_format().export_data(data)) for kind, data in exports.items()}
    plans = import_files(files)
    assert {plan.file: (plan.all_faults, counts(plan)) for plan in plans} == {
        f"{kind}.{suffix}": ([], (0, 0, len(data))) for kind, data in exports.items()
    }


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_every_public_list_comes_in_again_unchanged(client, file_format):
    import_demo_data()
    paths = ["/states/", "/conferences/", "/statements/", "/positions/", "/positions/?show=all"]
    paths += ["/states/?instrument=oslo-process&on=2007-09-20", "/states/?conference=lima-2007&topic=transition-period"]
    paths += [instrument.get_absolute_url() for instrument in Instrument.objects.all()]
    for path in paths:
        address = f"{path}{'&' if '?' in path else '?'}format="
        response = client.get(address + file_format)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        rows = json.loads(client.get(address + "json").content)["meta"]["count"]
        (plan,) = import_files({f"list.{file_format}": content})
        assert (path, plan.all_faults, counts(plan)) == (path, [], (0, 0, rows))


@pytest.mark.parametrize("file_format", [Csv, Xlsx, Ods])
def test_cells_that_look_like_formulas_come_back_as_they_were(file_format):
    state = StateFactory()
    StateNameFactory(state=state, name="=1+1 land")
    TopicFactory(name="@SUM(A1)", slug="sum", description="'=quoted")
    ConferenceFactory(name="+49", summary="-5", agenda="=first\n@second")
    ReportFactory(title="=cmd|' /C calc'!A0", byline="--", body="-5 < 3 & more", conference=ConferenceFactory())
    for resource in SHEETS.resources:
        data = resource().export()
        content = as_bytes(file_format().export_data(data))
        if len(data):
            (plan,) = import_files({f"sheet.{file_format().get_extension()}": content})
            assert (resource.sheet_kind, plan.all_faults, counts(plan)) == (resource.sheet_kind, [], (0, 0, len(data)))


def test_no_cell_of_an_export_begins_like_a_formula():
    TopicFactory(name="=HYPERLINK(1)", slug="link", description="\tx")
    data = next(r for r in SHEETS.resources if r.sheet_kind == "topics")().export()
    assert Csv().export_data(data) == "slug,name,description\r\nlink,'=HYPERLINK(1),'\tx\r\n"
