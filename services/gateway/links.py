"""Signed links to the gateway's own files: whoever holds one may do one thing with one path, for a time.

Engines get them in tasks, clients as `pageUrl`. A link is an HMAC-SHA256 over method, path and expiry.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from typing import Any
from urllib.parse import urlencode

from bson import ObjectId

from services.gateway.store.blobs import document_file_name, einvoice_file_name, page_file_name

FILES_PREFIX = "/files/"
TASK_LINK_SECONDS = 24 * 3600
PAGE_LINK_SECONDS = 7 * 24 * 3600
_DAY_SECONDS = 24 * 3600

# As it is signed: a number of seconds without leading zeros, so that one link has one form.
_EXPIRY = re.compile("[1-9][0-9]{0,11}")
_SIGNATURE = re.compile("[0-9a-f]{64}")

IMAGE = "image"
TEXT_LAYER = "text-layer"
READINGS = "readings"


class Links:
    """Makes and checks signed paths."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        self._secret = hmac.new(secret, b"signed links", hashlib.sha256).digest()
        self._public_url = public_url

    def upload_path(self, job_id: ObjectId, attempt: int) -> str:
        """Where an engine puts page files: a path with `{page}` and `{name}` left open."""
        folder = f"{FILES_PREFIX}jobs/{job_id}/{attempt}/pages/"
        return f"{folder}{{page}}/{{name}}?{self._signature('PUT', folder, self._expiry(TASK_LINK_SECONDS))}"

    def document_path(self, job_id: ObjectId) -> str:
        return self._signed(FILES_PREFIX + document_file_name(job_id), self._expiry(TASK_LINK_SECONDS))

    def einvoice_upload_path(self, job_id: ObjectId, attempt: int) -> str:
        """Where an engine puts the XML of the document's e-invoice."""
        path = FILES_PREFIX + einvoice_file_name(job_id, attempt)
        return f"{path}?{self._signature('PUT', path, self._expiry(TASK_LINK_SECONDS))}"

    def einvoice_path(self, job_id: ObjectId, attempt: int) -> str:
        """Where the XML of the e-invoice lies that was found in this attempt at the job."""
        return self._signed(
            FILES_PREFIX + einvoice_file_name(job_id, attempt), self._expiry(TASK_LINK_SECONDS)
        )

    def document_url(self, job_id: ObjectId) -> str:
        """The absolute URL of an uploaded document; stays the same for a day, works for a week more."""
        path = FILES_PREFIX + document_file_name(job_id)
        return self._public_url + self._signed(path, self._expiry(PAGE_LINK_SECONDS))

    def readings_path(self, job_id: ObjectId, attempt: int) -> str:
        """Where an engine gets what was read on all of a job's pages."""
        return self._signed(
            f"{FILES_PREFIX}jobs/{job_id}/{attempt}/{READINGS}", self._expiry(TASK_LINK_SECONDS)
        )

    def page_path(self, page: dict[str, Any], name: str) -> str:
        """Where a page's image or text layer is got."""
        path = FILES_PREFIX + page_file_name(page["job"], page["fileAttempt"], page["pageNumber"], name)
        return self._signed(path, self._expiry(PAGE_LINK_SECONDS))

    def page_url(self, page: dict[str, Any]) -> str:
        """The absolute URL of a page's image; stays the same for a day, works for a week more."""
        return self._public_url + self.page_path(page, IMAGE)

    def is_own(self, url: str) -> bool:
        """Whether `url` is one of the gateway's own links."""
        return url.startswith(self._public_url + FILES_PREFIX)

    def allows(self, method: str, path: str, expires: str, signature: str) -> bool:
        """Whether the signature lets `method` be done with `path`.

        A PUT is also allowed by the signature of the pages' folder two levels up, and only a PUT.
        """
        if not _EXPIRY.fullmatch(expires) or not _SIGNATURE.fullmatch(signature):
            return False
        if int(expires) < time.time():
            return False
        signed_paths = [path]
        if method == "PUT":
            signed_paths.append(path.rsplit("/", 2)[0] + "/")
        return any(
            hmac.compare_digest(self._digest(method, signed, int(expires)), signature)
            for signed in signed_paths
        )

    def _expiry(self, seconds: int) -> int:
        """At least `seconds` from now, rounded up to whole days so that links can be cached."""
        return (int(time.time()) // _DAY_SECONDS + 1) * _DAY_SECONDS + seconds

    def _signed(self, path: str, expires: int) -> str:
        return f"{path}?{self._signature('GET', path, expires)}"

    def _signature(self, method: str, path: str, expires: int) -> str:
        return urlencode({"expires": expires, "signature": self._digest(method, path, expires)})

    def _digest(self, method: str, path: str, expires: int) -> str:
        text = f"{method}\n{path}\n{expires}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
