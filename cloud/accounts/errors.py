"""Why an account, a factor or a change of them was refused. No text names anybody."""


class SignInRefusedError(Exception):
    """An account or a factor does not fit: it is not said which."""


class PausedError(Exception):
    """Too many tries: none is looked at until then (lockout.FOR_EVER: locked)."""

    def __init__(self, until: int) -> None:
        super().__init__()
        self.until = until


class EnrolmentRefusedError(Exception):
    """The secret is not it, was used, or its time is over."""


class AccountExistsError(Exception):
    """One of that name is here already."""


class AccountUnknownError(LookupError):
    """None of that name here."""


class LastAdministratorError(Exception):
    """Nobody would be left to manage the accounts."""
