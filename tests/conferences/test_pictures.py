"""Pictures of reports: what is taken and what is kept of it, who sees it, and how pages show it."""

import io
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageCms, PngImagePlugin

from conferences.models import ReportPicture
from oslo.images import NO_PICTURE, prepared
from tests.factories import ReportFactory, ReportPictureFactory
from tests.pages import Page
from tests.staff import EDITORS, RECORDERS, errors_of, logged_in, opened, rows, save, staff, url

pytestmark = pytest.mark.django_db

GPS, ORIENTATION, ARTIST = 0x8825, 0x0112, 0x013B
KINDS = ["JPEG", "PNG", "WEBP"]


@pytest.fixture(autouse=True)
def kept_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client():
    return logged_in(staff(RECORDERS))


def content(kind: str = "JPEG", size=(300, 200), mode: str = "RGB", **options) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def upload(data: bytes, name: str = "Jane Doe at home.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def row(data: bytes | None = None, **values) -> dict:
    return {"image": upload(content() if data is None else data), "alternative_text": "A hall"} | values


def refused(data: bytes) -> list[str]:
    with pytest.raises(ValidationError) as fault:
        prepared(upload(data))
    return fault.value.messages


def kept(data: bytes) -> Image.Image:
    return Image.open(prepared(upload(data)))


# What is taken, and what is kept of it


@pytest.mark.parametrize("kind", KINDS)
def test_picture_stays_of_its_kind(kind):
    assert (kept(content(kind)).format, kept(content(kind)).size) == (kind, (300, 200))


@pytest.mark.parametrize("kind", KINDS)
def test_where_and_by_whom_it_was_taken_is_removed(kind):
    exif = Image.Exif()
    exif[ARTIST] = "Jane Doe"
    exif.get_ifd(GPS)[2] = (12.0, 2.0, 46.0)
    data = content(kind, exif=exif)
    assert b"Jane Doe" in data
    stored = prepared(upload(data))
    assert b"Jane Doe" not in stored.read()
    assert dict(Image.open(stored).getexif()) == {}


def test_comments_profiles_and_texts_are_removed():
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Jane Doe")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for data in (
        content("PNG", pnginfo=words, icc_profile=profile),
        content("JPEG", comment=b"Jane Doe", icc_profile=profile),
        content("WEBP", xmp=b"<x:xmpmeta>Jane Doe</x:xmpmeta>", icc_profile=profile),
    ):
        stored = prepared(upload(data)).read()
        assert b"Jane Doe" in data
        assert b"Jane Doe" not in stored
        assert Image.open(io.BytesIO(stored)).info.get("icc_profile") is None


def test_picture_is_turned_as_the_camera_was_held():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert kept(content(exif=exif)).size == (200, 300)


def test_what_a_palette_leaves_out_stays_transparent():
    assert kept(content("PNG", mode="P", transparency=0)).convert("RGBA").getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "I;16")]
)
def test_every_sort_of_colour_can_be_shown(kind, mode):
    assert kept(content(kind, mode=mode)).mode in ("RGB", "RGBA")


@pytest.mark.parametrize(
    ("size", "stored"),
    [((3200, 800), (1600, 400)), ((800, 3200), (400, 1600)), ((1600, 9), (1600, 9)), ((9, 9), (9, 9))],
)
def test_picture_is_no_larger_than_a_page_shows(size, stored):
    assert kept(content(size=size)).size == stored


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"No picture",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        content("GIF"),
        content("BMP"),
        content("TIFF"),
        content()[:400],
        content("PNG")[:60],
        b"\xff\xd8\xff" + b"\0" * 400,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
)
def test_what_is_no_picture_of_these_kinds_is_refused(data):
    assert refused(data) == [NO_PICTURE]


def test_picture_that_weighs_too_much_is_refused(settings):
    settings.PICTURE_MAX_BYTES = 2**20
    settings.PICTURE_MAX_PIXELS = 100
    prepared(upload(content(size=(10, 10)) + b"\0" * (2**20 - 1000)))
    assert refused(content() + b"\0" * 2**20) == ["This picture has 1.0 MB; at most 1 MB are taken."]


def test_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(settings):
    settings.PICTURE_MAX_PIXELS = 1_000_000
    too_large = "This picture has too many pixels; at most 1 million are taken. Make it smaller first."
    assert prepared(upload(content("PNG", size=(1000, 1000), mode="1")))
    assert refused(content("PNG", size=(1000, 1001), mode="1")) == [too_large]
    assert refused(content("PNG", size=(10000, 10000), mode="1")) == [too_large]
    assert refused(content("PNG", size=(20000, 10000), mode="1")) == [too_large]


# On the form of the report


def test_picture_is_put_into_a_draft_under_a_name_of_our_own(client, tmp_path):
    report = ReportFactory()
    values = {"caption": "The plenary", "credit": "Jane Doe", "source_url": "https://example.org/hall"}
    answer = save(client, report, rows("pictures", 0, row(content(size=(1000, 500)), **values), row()))
    assert answer.status_code == 302, errors_of(answer)
    first, second = report.pictures.all()
    assert [(one.order, one.width, one.height) for one in (first, second)] == [(1, 1000, 500), (2, 300, 200)]
    assert (first.caption, first.credit, first.source_url) == tuple(values.values())
    names = {first.image.name, first.image.narrow_name, second.image.name}
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")} == names
    assert {"Jane" in name or len(Path(name).stem) < 32 for name in names} == {False}
    assert first.history.get().history_user.groups.get().name == RECORDERS


def test_what_is_no_picture_gets_a_sentence_on_the_form(client):
    report = ReportFactory()
    answer = save(client, report, rows("pictures", 0, row(b"<svg/>", caption="Kept")))
    assert errors_of(answer) == [NO_PICTURE]
    form = answer.context["inline_admin_formsets"][1].formset.forms[0]
    assert (form["caption"].value(), ReportPicture.objects.count()) == ("Kept", 0)


def test_row_without_a_picture_gets_a_sentence_and_one_with_its_place_only_is_none(client):
    report = ReportFactory()
    assert errors_of(save(client, report, rows("pictures", 0, {"caption": "Which?"}))) == ["This field is required."]
    assert save(client, report, rows("pictures", 0, {"order": 1, "caption": ""})).status_code == 302
    assert ReportPicture.objects.count() == 0


def test_pictures_are_reordered(client):
    report = ReportFactory()
    one, two = (ReportPictureFactory(report=report, order=n) for n in (1, 2))
    assert save(client, report, {"pictures-0-order": 2, "pictures-1-order": 1}).status_code == 302
    assert list(report.pictures.values_list("pk", "order")) == [(two.pk, 1), (one.pk, 2)]


def test_another_file_takes_the_place_and_the_old_one_is_kept(client):
    picture = ReportPictureFactory()
    before = picture.image.path
    assert save(client, picture.report, {"pictures-0-image": upload(content())}).status_code == 302
    picture.refresh_from_db()
    assert (picture.width, picture.image.path != before, Path(before).exists()) == (300, True, True)


def test_deleted_picture_can_be_restored_from_its_history(client):
    picture = ReportPictureFactory()
    assert save(client, picture.report, {"pictures-0-DELETE": "on"}).status_code == 302
    assert ReportPicture.objects.count() == 0
    deleted = ReportPicture.history.filter(id=picture.pk).latest()
    deleted.instance.save()
    again = ReportPicture.objects.get(pk=picture.pk)
    assert (again.image.name, Path(again.image.path).exists()) == (picture.image.name, True)
    assert fetched(logged_in(staff(EDITORS)), again.narrow_url).status_code == 200


def test_form_costs_the_same_for_one_picture_and_for_ten(client):
    report, costs = ReportFactory(), []
    for number in (1, 9):
        ReportPictureFactory.create_batch(number, report=report)
        client.get(url(report, "change"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(report, "change")).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_pictures_of_a_published_report_are_shown_to_recorders_and_changed_by_editors(client):
    picture = ReportPictureFactory(report__published=True)
    editor = logged_in(staff(EDITORS))
    page, sent = client.get(url(picture.report, "change")), {"pictures-0-caption": "Changed"}
    assert b'class="thumbnail"' in page.content
    assert b'type="file"' not in page.content
    forged = opened(editor, url(picture.report, "change")) | sent
    for change in ({}, {"pictures-0-DELETE": "on"}, rows("pictures", 1, row())):
        assert client.post(url(picture.report, "change"), forged | change).status_code == 403
    assert list(ReportPicture.objects.values_list("pk", "caption")) == [(picture.pk, "")]
    assert save(editor, picture.report, sent).status_code == 302
    assert ReportPicture.objects.get().caption == "Changed"


def test_who_may_not_change_pictures_sees_none_of_their_fields():
    picture = ReportPictureFactory()
    rights = [f"conferences.{verb}_report" for verb in ("view", "change")]
    client = logged_in(staff(permissions=rights))
    sent = opened(logged_in(staff(EDITORS)), url(picture.report, "change")) | {"pictures-0-caption": "Forged"}
    assert client.post(url(picture.report, "change"), sent).status_code == 302
    assert ReportPicture.objects.get().caption == ""


# What stands against publishing


@pytest.mark.parametrize("text", ["", "  "])
def test_picture_without_alternative_text_is_an_obstacle(text):
    (obstacle,) = ReportPictureFactory(order=2, alternative_text=text).obstacles()
    assert (obstacle.sentence, obstacle.anchor) == ("Picture 2 has no alternative text.", "#pictures-group")


def test_picture_with_alternative_text_is_none():
    assert ReportPictureFactory().obstacles() == []


# Who sees it

UNPUBLISHED = ["draft", "in_review"]


def fetched(client, path: str, **headers):
    """The answer, with its file read, which closes it."""
    answer = client.get(path, headers=headers)
    answer.getvalue()
    return answer


def addresses(picture) -> list[str]:
    return [picture.get_absolute_url(), picture.narrow_url]


@pytest.mark.parametrize("status", UNPUBLISHED)
def test_picture_of_a_draft_is_for_staff_who_may_view_reports(status, client):
    picture = ReportPictureFactory(report__status=status)
    others = [logged_in(staff()), logged_in(staff(permissions=["conferences.view_reportpicture"]))]
    nobody = type(client)()
    for path in addresses(picture):
        answer = fetched(client, path)
        assert (answer.status_code, answer["Cache-Control"], answer.has_header("ETag")) == (
            200,
            "private, no-store",
            False,
        )
        assert [one.get(path).status_code for one in (nobody, *others)] == [404, 404, 404]


@pytest.fixture
def nobody(client):
    return type(client)()


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_published_picture_is_given_out_as_what_it_is(client, nobody, kind, media_type):
    report = ReportFactory()
    save(client, report, rows("pictures", 0, row(content(kind, size=(900, 300)))))
    report.status = "published"
    report.save()
    sizes = []
    for path in addresses(report.pictures.get()):
        answer = nobody.get(path, headers={"accept-encoding": "gzip, br"})
        assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
        assert (answer["X-Content-Type-Options"], answer.has_header("Content-Encoding")) == ("nosniff", False)
        data = answer.getvalue()
        assert int(answer["Content-Length"]) == len(data)
        sizes.append(Image.open(io.BytesIO(data)).size)
    assert sizes == [(900, 300), (800, 267)]


def test_browser_asks_each_time_and_gets_it_once(nobody):
    picture = ReportPictureFactory(report__published=True)
    first, narrow = (fetched(nobody, path) for path in addresses(picture))
    assert (first["Cache-Control"], first["ETag"] != narrow["ETag"]) == ("private, no-cache", True)
    asked = {"if_none_match": first["ETag"]}
    assert fetched(nobody, picture.get_absolute_url(), **asked).status_code == 304
    picture.report.status = "draft"
    picture.report.save()
    assert fetched(nobody, picture.get_absolute_url(), **asked).status_code == 404


def test_picture_is_found_under_its_own_report_only(nobody):
    picture, other = ReportPictureFactory(report__published=True), ReportFactory(published=True)
    wrong = picture.get_absolute_url().replace(picture.report.slug, other.slug)
    assert nobody.get(wrong).status_code == 404
    wrong = picture.get_absolute_url().replace(picture.report.conference.slug, other.conference.slug)
    assert nobody.get(wrong).status_code == 404


def test_picture_that_is_not_where_it_was_put_is_not_found(nobody):
    picture = ReportPictureFactory(report__published=True)
    Path(picture.image.path).unlink()
    assert nobody.get(picture.get_absolute_url()).status_code == 404


# How pages show it


def test_report_shows_its_pictures_in_order_with_all_that_is_known_of_them(nobody):
    report = ReportFactory(published=True)
    small = ReportPictureFactory(report=report, order=2, image__width=300, image__height=200)
    large = ReportPictureFactory(
        report=report, order=1, caption="The plenary", credit="Jane Doe", source_url="https://example.org/a"
    )
    page = Page(nobody.get(report.get_absolute_url()).content.decode())
    first, second = (figure.all("img")[0].attrs for figure in page.all("figure", class_="picture"))
    assert first == {
        "src": large.get_absolute_url(),
        "srcset": f"{large.narrow_url} 800w, {large.get_absolute_url()} 1000w",
        "sizes": "(min-width: 44rem) 42rem, 100vw",
        "width": "1000",
        "height": "500",
        "alt": large.alternative_text,
        "loading": "lazy",
        "decoding": "async",
    }
    assert (second["src"], "srcset" in second) == (small.get_absolute_url(), False)
    assert page.texts("figcaption") == [
        "The plenary Picture: Jane Doe. Source: example.org",
        "Source: no source recorded",
    ]


def test_pictures_are_told_to_those_who_link_to_the_report(nobody):
    report = ReportFactory(published=True)
    pictures = [f"http://testserver{ReportPictureFactory(report=report, order=n).get_absolute_url()}" for n in (1, 2)]
    page = Page(nobody.get(report.get_absolute_url()).content.decode())
    meta = {one.attrs["property"]: one.attrs["content"] for one in page.all("meta") if "property" in one.attrs}
    (data,) = [json.loads(one.text) for one in page.all("script") if one.attrs.get("type") == "application/ld+json"]
    assert (meta["og:image"], data["image"]) == (pictures[0], pictures)


def test_report_without_pictures_names_none(nobody):
    page = nobody.get(ReportFactory(published=True).get_absolute_url()).content.decode()
    assert ("og:image" in page, '"image"' in page) == (False, False)


def test_on_a_day_before_the_conference_no_picture_is_shown(nobody):
    report = ReportPictureFactory(report__published=True).report
    page = nobody.get(report.get_absolute_url(), {"on": "2007-01-01"}).content.decode()
    assert ("<img" in page, "/pictures/" in page) == (False, False)


def test_page_costs_the_same_for_one_picture_and_for_ten(queries_of):
    report, costs = ReportFactory(published=True), []
    for number in (1, 9):
        ReportPictureFactory.create_batch(number, report=report)
        costs.append(queries_of(report.get_absolute_url()))
    assert costs[0] == costs[1]
