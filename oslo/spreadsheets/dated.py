"""Sheets about what happened once, on a date that may be vague."""

from django.core.exceptions import ValidationError

from oslo.dates import Precision
from oslo.moments import Moment

from .resources import SheetResource


class DatedResource(SheetResource):
    """A kind of sheet with the columns `date` (Moments) and `date_precision`."""

    def settle(self, values: dict) -> None:
        """A vague date is its last day, and says so; some days of no known conference mean "by the last"."""
        moment = values.get("date")
        if not isinstance(moment, Moment):
            return
        values["date"] = moment.last
        if moment.is_day:
            return
        said, meant = values.get("date_precision"), self._precision(moment, values.get("conference"))
        if said and said != meant:
            raise ValidationError({"date_precision": f"The date says “{meant}”, but its precision “{said}”."})
        values["date_precision"] = meant

    def _precision(self, moment: Moment, conference) -> Precision:
        if moment.is_month:
            return Precision.MONTH
        if moment.is_year:
            return Precision.YEAR
        at = conference and (conference.start_date, conference.last_day)
        return Precision.CONFERENCE if at == (moment.first, moment.last) else Precision.BY

    def adjust(self, record, values: dict) -> None:
        """Another day than the one on record is a day, unless the sheet says how exact it is."""
        if "date" in values and "date_precision" not in values and values["date"] != record.date:
            values["date_precision"] = Precision.DAY if values["date"] else ""
