"""Making a record, with its parts, what it was: all of it or nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from oslo.publishing import Publishable, Status

from .revisions_reading import Kind, Place, Values, now
from .revisions_wording import Wording


class CannotRestore(Exception):
    """Nothing was changed; `sentences` say why."""

    def __init__(self, sentences: list[str]):
        super().__init__(*sentences)
        self.sentences = sentences


def first_published(model: type[models.Model], key: int) -> datetime | None:
    """When something that is deleted was published first: of all that publishing decides, this alone stays for good."""
    last = model.history.filter(id=key).order_by("history_id").last()
    return last and last.published_at


def would_be(kinds: list[Kind], then: dict[Place, Values], present: dict[Place, Values]) -> dict[Place, Values]:
    """What restoring would make of what is there: publishing is not restored, and what was deleted is a draft."""
    if not issubclass(kinds[0].model, Publishable):
        return then
    return {
        place: values if place[0] else values | {"status": present.get(place, {}).get("status", Status.DRAFT)}
        for place, values in then.items()
    }


def restore(kinds: list[Kind], key: int, then: dict[Place, Values], user, reason: str) -> models.Model:
    """The record as it was `then`, under its old key if it is gone; raises CannotRestore.

    A query or some for each record and part: those who lock the record first keep it as they saw it.
    """
    present = now(kinds, key)
    then = would_be(kinds, then, present)
    _check_others(kinds, key, then)
    try:
        with transaction.atomic():
            return Restoring(kinds, key, user, reason).carry_out(then, present)
    except IntegrityError:
        raise CannotRestore(["Something else has taken its place: it would record the same fact twice."]) from None


class Restoring:
    def __init__(self, kinds: list[Kind], key: int, user, reason: str):
        self.kinds = {kind.name: kind for kind in kinds}
        self.key, self.user, self.reason = key, user, reason
        self.sentences: list[str] = []

    def carry_out(self, then: dict[Place, Values], present: dict[Place, Values]) -> models.Model:
        for name, own in present.keys() - then.keys():
            part = self._stored(self.kinds[name], own)
            part._history_user, part._change_reason = self.user, self.reason
            part.delete()
        # The record first, which its parts hang on.
        for place in sorted(then, key=lambda place: (place[0], place[1])):
            if present.get(place) != then[place] and not self.sentences:
                self._put(self.kinds[place[0]], place[1], then[place])
        if self.sentences:
            raise CannotRestore(self.sentences)
        return self._stored(self.kinds[""], self.key)

    def _put(self, kind: Kind, own: int, values: Values) -> None:
        record = self._stored(kind, own) or kind.model(pk=own)
        if record._state.adding and isinstance(record, Publishable):
            record.published_at = first_published(kind.model, own)
        for field in kind.columns:
            setattr(record, field.attname, values[field.name])
        if kind.name:
            setattr(record, kind.link, self.key)
        record._history_user, record._change_reason = self.user, self.reason
        try:
            record.full_clean()
        except ValidationError as error:
            about = f"{str(kind.model._meta.verbose_name).capitalize()} “{record}”, " if kind.name else ""
            self.sentences += [about + sentence for sentence in sentences(kind.model, error)]
            return
        record.save(force_insert=record._state.adding)
        for field in kind.many:
            getattr(record, field.name).set(values[field.name])

    def _stored(self, kind: Kind, own: int) -> models.Model | None:
        return kind.model._default_manager.filter(pk=own).first()


def sentences(model: type[models.Model], error: ValidationError) -> list[str]:
    """What is wrong, with the names of the fields in which it is."""
    return [
        message if name == NON_FIELD_ERRORS else f"{model._meta.get_field(name).verbose_name}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _check_others(kinds: list[Kind], key: int, then: dict[Place, Values]) -> None:
    """Whether all records and files that it refers to are still there."""
    wording = Wording(kinds, [{place: (None, values) for place, values in then.items()}])
    by_name = {kind.name: kind for kind in kinds}
    gone = [
        f"It referred to {other} in “{field.verbose_name}”: that is not there any more."
        for (name, _own), values in then.items()
        for field in (*by_name[name].columns, *by_name[name].many)
        for other in _missing(wording, field, values[field.name])
    ]
    if gone:
        raise CannotRestore(list(dict.fromkeys(gone)))


def _missing(wording: Wording, field: models.Field, value) -> Iterable[str]:
    if isinstance(field, models.FileField):
        if value and not field.storage.exists(str(value)):
            yield f"the file {value}"
    elif field.is_relation:
        for key in value if isinstance(value, list) else [value]:
            if key is not None and isinstance(other := wording.other(field, key), str):
                yield str(other)
