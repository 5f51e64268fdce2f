"""Importing attendance, beside stock django-import-export and a plain `bulk_create`."""
