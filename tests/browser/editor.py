"""The editor of a text that is formatted."""


def wait_for_caret(page) -> None:
    """ProseMirror sets the caret 20 ms after the editor got the focus, whatever was pressed until then."""
    page.locator("[contenteditable]:focus").wait_for()
    page.evaluate("new Promise(done => setTimeout(done, 40))")
