from django.apps import AppConfig


class SpreadsheetsConfig(AppConfig):
    name = "oslo.spreadsheets"
    label = "spreadsheets"
