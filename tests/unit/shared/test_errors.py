from __future__ import annotations

import pickle

import pytest

from services.engine.documents.fetch import TemporaryFetchError
from shared.errors import DocumentError, FetchError, LimitExceeded


@pytest.mark.parametrize("kind", [DocumentError, FetchError, LimitExceeded, TemporaryFetchError])
def test_document_errors_survive_the_way_between_processes(kind: type[DocumentError]) -> None:
    error = pickle.loads(pickle.dumps(kind("emptyDocument", "The document is empty.")))  # noqa: S301
    assert type(error) is kind
    assert error.code == "emptyDocument"
    assert str(error) == "The document is empty."
