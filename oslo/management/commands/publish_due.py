from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oslo.scheduled import due, publish


class Command(BaseCommand):
    help = "Publish what was to be published by now: for cron, on a site with few visitors."

    def handle(self, **options):
        now = timezone.now()
        for record in publish(due(now), now):
            done = "Published" if record.is_published else "Not published, and left in review with the reason"
            self.stdout.write(f"{done}: {record._meta.verbose_name} “{record}”")
        if left := len(due(now)):
            raise CommandError(f"{left} could not be published; the log says why. It is tried again the next time.")
