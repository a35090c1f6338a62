"""The gateway's errors. `api/responses.py` maps them to answers, in one place."""

from __future__ import annotations

from typing import Any

from shared.errors import LedgerLensError


class ApiError(LedgerLensError):
    """Base of what a client is told; `errors` names the fields at fault."""

    status = 500

    def __init__(self, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.errors = errors


class BadRequest(ApiError):
    status = 400


class Unauthorized(ApiError):
    status = 401


class Forbidden(ApiError):
    """The caller is known, and may not do this."""

    status = 403


class NotFound(ApiError):
    status = 404


class StateConflict(ApiError):
    """The record is not in a state in which this can be done, or the value is taken."""

    status = 409


class PreconditionFailed(ApiError):
    """The record is not in the version that the client has seen."""

    status = 412

    def __init__(self) -> None:
        super().__init__("The record has changed since it was read; get it again and repeat the change.")


class PayloadTooLarge(ApiError):
    status = 413


class UnsupportedMediaType(ApiError):
    status = 415


class TooManyRequests(ApiError):
    """The key has used up its calls of this minute."""

    status = 429


class Unavailable(ApiError):
    """A part that is needed does not answer now; trying again later may help."""

    status = 503
