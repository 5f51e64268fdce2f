"""A form as a browser without JavaScript reads it."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The fields of the form, with what they hold."""

    def __init__(self):
        super().__init__()
        self.fields, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, kind = attrs.get("name"), attrs.get("type")
        if tag == "textarea":
            self.textarea = name
            self.fields[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.fields or "selected" in attrs):
            self.fields[self.select] = attrs.get("value", "")
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in attrs):
            self.fields[name] = attrs.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields[self.textarea] = self.fields[self.textarea].removeprefix("\n")
            self.textarea = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea] += data


def fields_in(html: str, form_id: str) -> dict[str, str]:
    """What it would send of the form with this id."""
    reader = FormReader()
    reader.feed(html.partition(f'id="{form_id}"')[2].partition("</form>")[0])
    return reader.fields
