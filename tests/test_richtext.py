import pytest
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from oslo.richtext import anchors, as_html, check_figures, check_shape, sanitise
from tests.factories import PageFactory, ReportFactory


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<p>a</p><script>alert(1)</script>", "<p>a</p>"),
        ("<p>a<script src='https://evil.example/x.js'></script></p>", "<p>a</p>"),
        ('<p onclick="alert(1)" class="x" id="y">a</p>', "<p>a</p>"),
        ('<p style="position:fixed">a</p><style>p { color: red }</style>', "<p>a</p>"),
        ('<iframe src="https://evil.example"></iframe><p>a</p>', "<p>a</p>"),
        ('<p>a<img src="x" onerror="alert(1)"></p>', "<p>a</p>"),
        ('<svg onload="alert(1)"><p>a</p></svg>', "<p>a</p>"),
        ("<form action='/'><p>a</p><input name='b'></form>", "<p>a</p>"),
        ("<p>a<!-- b --></p>", "<p>a</p>"),
        ("<p>a</p><object data='x'></object><embed src='x'>", "<p>a</p>"),
    ],
)
def test_what_is_not_allowed_is_taken_out(text, html):
    assert sanitise(text) == html


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java&#10;script:alert(1)",
        "javascript&colon;alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
    ],
)
def test_address_that_runs_a_script_is_taken_out(href):
    assert sanitise(f'<p><a href="{href}">a</a></p>') == '<p><a rel="noopener noreferrer">a</a></p>'


@pytest.mark.parametrize("href", ["https://example.org/", "http://example.org/", "mailto:a@example.org", "/states/"])
def test_link_stays(href):
    html = f'<p><a href="{href}" title="b" rel="noopener noreferrer">a</a></p>'
    assert sanitise(html) == html


@pytest.mark.parametrize("tag", ["p", "h2", "h3", "h4", "blockquote", "strong", "b", "em", "i", "sup", "sub"])
def test_allowed_tag_stays(tag):
    assert sanitise(f"<{tag}>a</{tag}>") == f"<{tag}>a</{tag}>"


@pytest.mark.parametrize("html", ["<ul><li>a</li></ul>", "<ol><li>a</li></ol>", "<p>a<br>b</p>", "<p>a</p><hr>"])
def test_allowed_structure_stays(html):
    assert sanitise(html) == html


@pytest.mark.parametrize("tag", ["h1", "h5", "div", "span", "table", "u", "section", "font"])
def test_words_in_a_tag_that_is_not_allowed_stay(tag):
    assert sanitise(f"<p>a</p><{tag}>b</{tag}>") == "<p>a</p>b"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a", "<p>a</p>"),
        ("a\n\nb", "<p>a</p>\n\n<p>b</p>"),
        ("a\nb", "<p>a<br>b</p>"),
        ("a\r\n\r\nb\r\nc", "<p>a</p>\n\n<p>b<br>c</p>"),
        ("\n a \n", "<p>a</p>"),
        ("Q & A", "<p>Q &amp; A</p>"),
        ("1 < 2 > 0", "<p>1 &lt; 2 &gt; 0</p>"),
        ("from x<y on", "<p>from x&lt;y on</p>"),
        ("write to <me@example.org>", "<p>write to &lt;me@example.org&gt;</p>"),
        ("see <https://example.org/?a=1&b=2>", "<p>see &lt;https://example.org/?a=1&amp;b=2&gt;</p>"),
        ("“quoted” – it's", "<p>“quoted” – it's</p>"),
        ("&lt;b&gt;", "<p>&lt;b&gt;</p>"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_plain_text_becomes_paragraphs(text, html):
    assert sanitise(text) == html


def test_plain_text_that_is_left_becomes_paragraphs():
    assert sanitise("<div>a</div>") == "<p>a</p>"
    assert sanitise("<!-- from a word processor -->a\n\nb") == "<p>a</p>\n\n<p>b</p>"


def test_nothing_is_left_of_what_is_only_script():
    assert sanitise("<script>alert(1)</script>") == ""


@pytest.mark.parametrize(
    "text",
    [
        "a & b\n\nc < d",
        "a &amp; b &amp;amp; c",
        "<p>a & b < c</p>",
        "<div>a</div>",
        "<!-- a -->b",
        "<script>a</script>b",
        "<b>a",
        "a</p>b",
        "<p><h2>a</h2></p>",
        "<li><pre>a<li>b",
        "<p><select><p>a",
        "<h2><table><td><h2>a",
        '<a href="https://example.org/?a=1&b=2">a</a>',
        "<a href='/a'>a<a href='/b'>b</a></a>",
        "<scr<script>ipt>alert(1)</script>",
        "a\N{NO-BREAK SPACE}b",
        "\N{NO-BREAK SPACE}",
        "<img src=x onerror=alert(1)//",
    ],
)
def test_sanitising_again_changes_nothing(text):
    assert sanitise(sanitise(text)) == sanitise(text)


def test_tag_split_by_another_is_not_put_together():
    assert sanitise("<scr<script>ipt>alert(1)</script>") == "<p>ipt&gt;alert(1)</p>"


def test_html_for_a_template_is_sanitised_and_safe():
    html = as_html("<p>a</p><script>alert(1)</script>")
    assert isinstance(html, SafeString)
    assert html == "<p>a</p>"


# Live figures

REL = 'rel="noopener noreferrer"'
FIGURE = f'<a href="/states/?instrument=pact&amp;on=2007-09-20" data-figure="" {REL}>81</a>'


@pytest.mark.parametrize(
    "text",
    [
        FIGURE,
        '<a data-figure href="/states/?instrument=pact&on=2007-09-20">81</a>',
        '<a data-figure="yes" title="x" onclick="y()" href="/states/?instrument=pact&on=2007-09-20"> 81 </a>',
    ],
)
def test_figure_is_written_in_one_way(text):
    assert sanitise(f"<p>{text}</p>") == f"<p>{FIGURE}</p>"


@pytest.mark.parametrize(
    "path",
    ["/states/", "/conferences/", "/conferences/attendance/", "/statements/", "/positions/", "/instruments/pact/"],
)
def test_every_list_can_be_a_figure(path):
    html = f'<p><a href="{path}" data-figure="" {REL}>1</a></p>'
    assert sanitise(html) == html


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.example/states/",
        "//evil.example/states/",
        "/\\evil.example/states/",
        "/states/laos/",
        "/admin/",
        "/changes/",
        "/nowhere",
        "states/",
        "/states/#top",
        "/states/?q=" + "x" * 500,
        "mailto:a@example.org",
    ],
)
def test_figure_of_no_list_becomes_a_plain_link(href):
    assert sanitise(f'<p><a href="{href}" data-figure>81</a></p>') == f'<p><a href="{href}" {REL}>81</a></p>'


@pytest.mark.parametrize("words", ["81 states", "", "<b>81</b>", "-1", "8.1", "٨١", "1234567890"])
def test_figure_of_no_number_becomes_a_plain_link(words):
    assert sanitise(f'<p>x<a href="/states/" data-figure>{words}</a></p>') == (
        f'<p>x<a href="/states/" {REL}>{words}</a></p>'
    )


@pytest.mark.parametrize("tag", ["p", "strong", "li"])
def test_only_a_link_can_be_a_figure(tag):
    assert sanitise(f'<{tag} data-figure="" href="/states/">81</{tag}>') == f"<{tag}>81</{tag}>"


def test_address_that_runs_a_script_makes_no_figure():
    assert sanitise('<p><a href="javascript:x()" data-figure>81</a></p>') == f"<p><a {REL}>81</a></p>"


def test_figure_within_a_figure_is_none():
    nested = '<p><a href="/states/" data-figure>8<a href="/positions/" data-figure>1</a></a></p>'
    one, two = (
        f'<a href="/{path}/" data-figure="" {REL}>{number}</a>' for path, number in [("states", 8), ("positions", 1)]
    )
    assert sanitise(nested) == f"<p>{one}{two}</p>"


def test_title_cannot_forge_an_address():
    html = f'<p><a title="a href=" href="/states/" {REL}>81</a></p>'
    assert [anchor.address for anchor in anchors(sanitise(html))] == ["/states/"]


@pytest.mark.parametrize(("number", "is_refused"), [(20, False), (21, True)])
def test_text_has_no_more_figures_than_a_page_can_count(number, is_refused):
    refused = []
    try:
        check_figures(FIGURE * number, "body")
    except ValidationError as error:
        refused = error.message_dict["body"]
    expected = ["A text can have 20 live figures, and this one has 21. Write the others as plain links."]
    assert refused == (expected if is_refused else [])


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p>" * 1000,
        "<p>One." * 1000,
        f"<ul>{'<li>one' * 1000}</ul>",
        f"<ul>{'<li><p>one' * 1000}</ul>",
        "<ul><li>one" * 40 + "</ul>" * 40,
        "<p><strong>One</strong> <a href='/states/'>two</a><br></p>" * 500,
        "<p>One<h2>Two</h2>" * 500,
        "one <me@here.example> " * 500,
        "x" * 200_000,
    ],
)
def test_text_that_somebody_may_have_written_has_a_fine_shape(html):
    check_shape(html, "body")


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>" * 101,
        "<UL ><li/>" * 101,
        "<b>" * 101 + "<object>" + "</b>" * 101,
        "<li><ul></li>" * 101,
        "<ul></x><li></x>" * 101,
        "<i></i>" + '<b title="<">' * 101,
        "<blockquote>" * 101 + "</blockquote>" * 101,
    ],
)
def test_text_that_is_nested_too_deep_is_refused(html):
    with pytest.raises(ValidationError, match="nested too deep"):
        check_shape(html, "body")


def test_text_that_is_too_long_is_refused():
    with pytest.raises(ValidationError, match="200,000 characters, and this one has 200,001"):
        check_shape("x" * 200_001, "body")


@pytest.mark.parametrize("factory", [PageFactory, ReportFactory])
@pytest.mark.django_db
def test_shape_is_looked_at_before_a_text_is_cleaned(factory):
    record = factory()
    record.body = "<ul><li>" * 20_000
    with pytest.raises(ValidationError, match="nested too deep") as refused:
        record.full_clean()
    assert list(refused.value.message_dict) == ["body"]
