"""Numbers, days and times of a workbook, as the text that a csv file would have."""

import datetime
import re
from functools import lru_cache

NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)  # of a number format
DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
ISO_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
MIDNIGHT = re.compile(r"T00:00(?::00(?:[.,]0+)?)?Z?$")

# The formats that a workbook need not write down (ECMA-376, part 1, 18.8.30); those of East Asia are days too.
BUILT_IN = {14: "d", 15: "d", 16: "d", 17: "d", 18: "h", 19: "h", 20: "h", 21: "h", 22: "d h", 45: "h", 46: "[h]"}
BUILT_IN |= dict.fromkeys((47,), "h") | dict.fromkeys([*range(27, 37), *range(50, 59)], "d")


def kind_of_format(code: str) -> str:
    """`date`, `time` or `duration`, or empty for a number, told by a number format such as `dd/mm/yyyy`."""
    shown = NOT_SHOWN.sub("", code.partition(";")[0])
    if DURATION.search(shown):
        return "duration"
    if re.search("[dyg]", shown.replace("General", ""), re.IGNORECASE):
        return "date"
    if re.search("[hs]", shown, re.IGNORECASE):
        return "time"
    return "date" if re.search("m", shown, re.IGNORECASE) else ""


@lru_cache(maxsize=4096)
def number(text: str) -> str:
    """A whole number without point or exponent; what is no number stays as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() else str(value)


@lru_cache(maxsize=4096)
def moment(text: str, kind: str, since_1904: bool) -> str:
    """A count of days as ISO day, day and time, or time; a count outside the calendar stays a number."""
    try:
        days = float(text)
        time = datetime.timedelta(milliseconds=round(days * 86_400_000))
        if kind == "duration":
            return _hours(time)
        if kind == "time" and 0 <= days < 1:
            return str((datetime.datetime.min + time).time())
        first = 31 if days < 60 else 30  # days were counted with a 29 February 1900, which there was not
        epoch = datetime.datetime(1904, 1, 1) if since_1904 else datetime.datetime(1899, 12, first)
        return day((epoch + time).isoformat())
    except (ValueError, OverflowError):
        return number(text)


def day(text: str) -> str:
    """An ISO day and time, without the time if it is midnight."""
    return MIDNIGHT.sub("", text)


def duration(text: str) -> str:
    """An ISO duration such as `PT30H00M00S` as `30:00:00`; anything else stays as it is."""
    match = ISO_DURATION.fullmatch(text)
    if not match:
        return text
    days, hours, minutes = (int(part or 0) for part in match.groups()[1:4])
    seconds = float((match[5] or "0").replace(",", "."))
    try:
        time = datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return text
    return _hours(-time if match[1] else time)


def _hours(time: datetime.timedelta) -> str:
    """Hours are not carried over into days, as a spreadsheet program shows them."""
    sign, time = ("-", -time) if time < datetime.timedelta() else ("", time)
    rest = str(datetime.timedelta(seconds=time.seconds % 3600, microseconds=time.microseconds))
    return f"{sign}{time.days * 24 + time.seconds // 3600:02}:{rest.partition(':')[2]}"
