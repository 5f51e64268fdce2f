from django.urls import path

from .views import PositionList, PositionMatrix, StatementDetail, StatementList, statement_document

urlpatterns = [
    path("statements/", StatementList.as_view(), name="statements"),
    path("statements/<int:pk>/", StatementDetail.as_view(), name="statement"),
    path("statements/<int:pk>/document/", statement_document, name="statement-document"),
    path("positions/", PositionList.as_view(), name="positions"),
    path("positions/matrix/", PositionMatrix.as_view(), name="positions-matrix"),
]
