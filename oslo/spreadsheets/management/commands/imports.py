import json

from django.core.management.base import BaseCommand

from oslo.spreadsheets.models import Batch
from oslo.spreadsheets.outcomes import Outcome
from oslo.staff.naming import who


class Command(BaseCommand):
    help = "List what was imported, the latest first, and what became of it."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the list as JSON and nothing else")

    def handle(self, **options):
        batches = Batch.objects.select_related("made_by").prefetch_related("files__sheets")
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(batch) for batch in batches], ensure_ascii=False, indent=2))
            return
        for batch in batches:
            names = ", ".join(file.name for file in batch.files.all())
            when = batch.made_at.strftime("%Y-%m-%d %H:%M")
            told = f"{batch.state}{': ' + batch.counts_in_words if batch.counts_in_words else ''}"
            self.stdout.write(f"{batch.pk}  {when}  {who(batch.made_by)}  {told}  {names}")


def _as_json(batch: Batch) -> dict:
    return {
        "number": batch.pk,
        "status": batch.status,
        "state": batch.state,
        "at": batch.made_at.isoformat(),
        "by": str(batch.made_by) if batch.made_by else None,
        "files": [
            {
                "file": file.name,
                "sha256": file.sha256,
                "sheets": [
                    {
                        "sheet": sheet.name,
                        "kind": sheet.kind,
                        "rows": {one: str(sheet.rows_that_were(one)) for one in Outcome},
                        **{one: getattr(sheet, one) for one in Outcome},
                    }
                    for sheet in file.sheets.all()
                ],
            }
            for file in batch.files.all()
        ],
    }
