"""Errors cross from worker processes to the engine."""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler

import pytest

from services.engine.documents.fetch import TemporaryFetchError
from shared.errors import DocumentError, FetchError, LimitExceeded


@pytest.mark.parametrize("kind", [DocumentError, FetchError, LimitExceeded, TemporaryFetchError])
def test_a_document_error_keeps_its_code_and_sentence_between_processes(kind: type[DocumentError]) -> None:
    sent = ForkingPickler.dumps(kind("encryptedPdf", "The PDF asks for a password."))
    error = ForkingPickler.loads(sent)
    assert type(error) is kind
    assert (error.code, str(error)) == ("encryptedPdf", "The PDF asks for a password.")
