"""What the address of a list in the admin asks for: a day that no calendar has is a wrong look-up as any other."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.shortcuts import redirect
from django.urls import reverse

IMPOSSIBLE = (ValueError, OverflowError)  # the end of the year 9999, a number of thirty digits


class CheckedList(ChangeList):
    """A list whose admin answers such an address by showing all, as Django does for others that are wrong."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except IMPOSSIBLE as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request):
        try:
            super().get_results(request)
        except IMPOSSIBLE as error:
            raise IncorrectLookupParameters(error) from error


class CheckedLookups:
    """For the admin of whatever has a list."""

    def get_changelist(self, request, **kwargs):
        return CheckedList


class CheckedExport(CheckedLookups):
    """For one whose list can be exported, too."""

    def export_action(self, request):
        try:
            return super().export_action(request)
        except (IncorrectLookupParameters, OverflowError):
            return redirect(
                f"{reverse(f'admin:{self.opts.app_label}_{self.opts.model_name}_changelist')}?{ERROR_FLAG}=1"
            )
