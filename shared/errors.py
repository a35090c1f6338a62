"""Errors that either service may raise and that end on a record as a sentence a person understands."""

from __future__ import annotations

from typing import ClassVar


class LedgerLensError(Exception):
    """Base of all errors of this project; `str(error)` is a sentence that a user can act on."""


class DocumentError(LedgerLensError):
    """The document itself can't be processed; trying again without changing it gives the same answer.

    `code` is a short stable name, such as `encryptedPdf`, for programs.
    """

    transient: ClassVar[bool] = False

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        """Errors travel from worker processes: pickle would call `__init__` with the message alone."""
        return type(self), (self.code, str(self))


class PassingError(DocumentError):
    """What failed was not the document: another attempt may well succeed."""

    transient = True


class FetchError(DocumentError):
    """The document's URL did not give a document."""


class LimitExceeded(DocumentError):
    """The document is over one of the configured limits."""


class SettingsError(LedgerLensError):
    """The environment holds a value that can't be used."""


class InvalidMessage(LedgerLensError):
    """A message does not fit its schema."""
