"""The roll-call of a conference, beside Django's own form of it."""
