"""The forms with which one logs in and looks after one's own account."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AdminPasswordChangeForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError

from oslo.models import TemporaryPassword

from .second_factor import check_code
from .throttling import note_wrong_code

WRONG_PASSWORD = "This is not your password."  # noqa: S105 -- a sentence


class LoginForm(AdminAuthenticationForm):
    def get_invalid_login_error(self):
        return self.beside_the_password(super().get_invalid_login_error())

    def confirm_login_allowed(self, user):
        try:
            super().confirm_login_allowed(user)
        except ValidationError as error:
            raise self.beside_the_password(error) from None

    def beside_the_password(self, error: ValidationError) -> ValidationError:
        """A screen reader says the sentence with the field that has to be typed again."""
        return ValidationError({"password": error})


class CodeInput(forms.TextInput):
    def format_value(self, value):
        """Of a wrong code nothing is left in the way of the next one."""
        return ""


class CodeField(forms.CharField):
    """A code as an app shows it, or a recovery code."""

    widget = CodeInput

    def __init__(self, **kwargs):
        kwargs = {"label": "Code", "max_length": 30, "help_text": "The six digits that the app shows now."} | kwargs
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CodeForm(forms.Form):
    """The second step of a login."""

    code = CodeField(widget=CodeInput(attrs={"autofocus": True}))

    def __init__(self, request, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.user, self.device = request, user, None

    def clean_code(self):
        self.device, why_not = check_code(self.user, self.cleaned_data["code"])
        if self.device is None:
            note_wrong_code(self.request, self.user)
            raise ValidationError(why_not)
        return self.cleaned_data["code"]


class RecoveryForm(CodeForm):
    """The second step for whoever has no phone at hand."""

    code = forms.CharField(
        label="Recovery code",
        max_length=30,
        help_text="One of the ten that you keep, such as abcd-efgh. Each works once.",
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )


class PasswordAgainForm(forms.Form):
    """Asks for the password of somebody who is logged in already: wrong ones count as those of a login."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not is_password_of(self.request, self.request.user, password):
            raise ValidationError(WRONG_PASSWORD)
        return password


class PasswordAndCodeForm(PasswordAgainForm):
    """Asks for both; a code is not used up beside a wrong password."""

    code = CodeField(help_text="The six digits that the app shows now, or a recovery code.")
    code.widget.attrs["inputmode"] = "text"

    def clean(self):
        if not self.errors:
            use_up_code(self, "code")


def use_up_code(form: forms.Form, name: str) -> bool:
    """Whether the field holds a code of whoever is logged in, which works no more then; if not, it says why."""
    device, why_not = check_code(form.request.user, form.cleaned_data[name])
    if device is None:
        note_wrong_code(form.request, form.request.user)
        form.add_error(name, why_not)
    return device is not None


class AppForm(forms.Form):
    """Shows that the app knows the secret."""

    code = CodeField()

    def __init__(self, app, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.app, self.device = app, None

    def clean(self):
        if self.errors:
            return
        shown = self.app.recognise(self.cleaned_data["code"])
        if shown is None:
            self.add_error(
                "code", "This code is wrong: is the clock of the phone right? Type the one that is shown now."
            )
        elif self.may_be_taken():
            self.device = self.app.take(shown)

    def may_be_taken(self) -> bool:
        return True


class AppAndPasswordForm(AppForm):
    """The same from somebody who has been logged in for a while."""

    password = PasswordAgainForm.base_fields["password"]
    field_order = ["password", "code"]

    def __init__(self, request, app, *args, **kwargs):
        super().__init__(app, *args, **kwargs)
        self.request = request

    clean_password = PasswordAgainForm.clean_password


class AnotherAppForm(AppAndPasswordForm):
    """The same from somebody who has an app: the password alone is not enough to have it replaced.

    A code of the app that one has is not used up beside a wrong password, or a wrong code of the new app.
    """

    present = CodeField(
        label="Code of the app you have now, or a recovery code",
        help_text="The six digits that the app you have now shows, or one of the ten codes that you keep.",
    )
    present.widget.attrs["inputmode"] = "text"
    code = CodeField(label="Code of the new app", help_text="The six digits that the new app shows now.")
    code.widget.attrs["autocomplete"] = "off"  # a password manager knows the code of the other app
    field_order = ["password", "present", "code"]

    def may_be_taken(self) -> bool:
        return use_up_code(self, "present")


class OwnPassword:
    """A password of one's own: another than before, and no temporary one any more."""

    def clean(self):
        cleaned = super().clean()
        password = self.cleaned_data.get("new_password2")
        if password and self.user.check_password(password):
            self.add_error("new_password1", "This is the password you have now. Choose another.")
        return cleaned

    def save(self, commit=True):
        TemporaryPassword.objects.filter(user=self.user).delete()
        return super().save(commit)


class FirstPasswordForm(OwnPassword, SetPasswordForm):
    """In place of a temporary password that was typed a moment ago."""


class NextPasswordForm(OwnPassword, PasswordChangeForm):
    required_css_class = "required"

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not is_password_of(self.request, self.user, password):
            raise ValidationError(WRONG_PASSWORD)
        return password


class GivenPasswordForm(AdminPasswordChangeForm):
    """A password that an administrator gives to somebody else."""

    def save(self, commit=True):
        user = super().save(commit)
        give_temporary_password(user)
        return user


def give_temporary_password(user) -> None:
    """Note that somebody else knows the password of `user`, if there is one."""
    if user.has_usable_password():
        TemporaryPassword.objects.update_or_create(user=user)
    else:
        TemporaryPassword.objects.filter(user=user).delete()


def is_password_of(request, user, password: str) -> bool:
    """Whether it is; wrong ones are counted, and one who tries too often is locked out."""
    return authenticate(request, username=user.get_username(), password=password) == user
