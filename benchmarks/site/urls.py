"""The addresses of the product, and those of what it is compared with."""

from django.urls import path

from oslo.urls import urlpatterns as of_the_product

from .contender import SqlList, naive_csv

urlpatterns = [
    path("by-sql/statements/", SqlList.as_view(), name="statements-by-sql"),
    path("naive/statements.csv", naive_csv, name="statements-naive-csv"),
    *of_the_product,
]
