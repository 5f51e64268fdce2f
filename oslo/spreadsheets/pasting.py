from dataclasses import dataclass


@dataclass(frozen=True)
class Pasted:
    text: str
    footnote: str
    line: int


def split_list(text, is_name):
    return [Pasted(part.strip(), "", 1) for part in text.split(",") if part.strip()]
