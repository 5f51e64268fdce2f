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

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


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


NASTY = ["_x000D_ is a code", "a\x0bb", "first\r\nsecond", "one; two\\;three", "'=quoted", "x" * 40_000]


@pytest.mark.parametrize("file_format", [Csv, Xlsx, Ods])
@pytest.mark.parametrize("text", NASTY, ids=["code", "control", "lines", "semicolon", "apostrophe", "long"])
def test_nasty_texts_come_back_as_they_were(file_format, text):
    if file_format is Ods and "\x0b" in text:
        pytest.skip("XML, and so ods, cannot hold control characters")
    ConferenceFactory(slug="x", summary=text, agenda=text[:1000])
    exported = next(r for r in SHEETS.resources if r.sheet_kind == "conferences")().export()
    content = as_bytes(file_format().export_data(exported))
    (plan,) = import_files({f"conferences.{file_format().get_extension()}": content})
    assert (plan.all_faults, counts(plan)) == ([], (0, 0, 1))


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("text", NASTY[:-1], ids=["code", "control", "lines", "semicolon", "apostrophe"])
def test_nasty_texts_of_a_public_list_come_back_as_they_were(client, file_format, text):
    ConferenceFactory(slug="x", summary=text)
    response = client.get(f"/conferences/?format={file_format}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    (plan,) = import_files({f"list.{file_format}": content})
    assert (plan.all_faults, counts(plan)) == ([], (0, 0, 1))
