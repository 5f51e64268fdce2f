"""The addresses of the product, and Django's own form of a conference."""

from django.urls import path

from oslo.urls import urlpatterns as of_the_product

from .contender import site

urlpatterns = [path("stock-admin/", site.urls), *of_the_product]
