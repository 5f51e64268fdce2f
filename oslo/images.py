"""Pictures that people upload: looked at, and stored without what they do not show.

What is kept is never the file as it came: it is decoded, turned as the camera held it, brought to sRGB, made no larger
than a page can show, and written anew. So it holds no place, no name and no device, and nothing that is not a picture.
"""

import io
from typing import BinaryIO

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps

WIDEST = 1600  # pixels of the longer side
# What is taken, and stored as what it was: the ending of its name, and how it is written.
KINDS = {
    "JPEG": (".jpg", {"quality": 82, "optimize": True, "progressive": True}),
    "PNG": (".png", {"optimize": True}),
    "WEBP": (".webp", {"quality": 82, "method": 4}),
}
MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
NO_PICTURE = "This is not a picture that can be read. JPEG, PNG and WebP are taken."
TOO_HEAVY = "This picture has {} MB; at most {} MB are taken."
TOO_LARGE = "This picture has too many pixels; at most {} million are taken. Make it smaller first."
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def prepared(upload) -> ContentFile:
    """The picture in an uploaded file, written anew; ValidationError says why it is not taken."""
    if upload.size > settings.PICTURE_MAX_BYTES:
        most = settings.PICTURE_MAX_BYTES // 2**20
        raise ValidationError(TOO_HEAVY.format(f"{upload.size / 2**20:.1f}", most))
    try:
        picture = Image.open(upload, formats=list(KINDS))
        if picture.width * picture.height > settings.PICTURE_MAX_PIXELS:
            raise Image.DecompressionBombError
        kind, shown = picture.format, as_shown(picture)
    except BOMB:
        raise ValidationError(TOO_LARGE.format(settings.PICTURE_MAX_PIXELS // 1_000_000)) from None
    except Exception as fault:  # a broken file can make a decoder raise anything
        raise ValidationError(NO_PICTURE) from fault
    shown.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
    return written(shown, kind)


def narrowed(file: BinaryIO, width: int) -> ContentFile:
    """A stored picture again, `width` pixels wide."""
    file.seek(0)
    with Image.open(file, formats=list(KINDS)) as picture:
        height = max(1, round(picture.height * width / picture.width))
        return written(picture.resize((width, height), Image.Resampling.LANCZOS), picture.format)


def as_shown(picture: Image.Image) -> Image.Image:
    """Its pixels alone, as they are to be seen: upright, in the colours of the web."""
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    mode = "RGBA" if upright.has_transparency_data and picture.format != "JPEG" else "RGB"
    if profile and upright.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            upright = ImageCms.profileToProfile(upright, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except ImageCms.PyCMSError:
            pass  # a profile that cannot be read says nothing
    plain = upright.convert(mode)
    plain.info = {}  # Pillow would write comments and profiles along
    return plain


def written(picture: Image.Image, kind: str) -> ContentFile:
    """Under a name that has nothing but the ending of its kind."""
    ending, options = KINDS[kind]
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return ContentFile(file.getvalue(), name=f"picture{ending}")


class PictureField(forms.FileField):
    """An upload that is a picture, as it will be stored."""

    def widget_attrs(self, widget) -> dict:
        return super().widget_attrs(widget) | {"accept": ",".join(MEDIA_TYPES.values())}

    def to_python(self, data):
        upload = super().to_python(data)
        return prepared(upload) if upload else None
