"""Failures that another attempt may mend are told from those of the document itself."""

from __future__ import annotations

import pytest

from services.engine.documents.fetch import TemporaryFetchError
from shared.cloud_events import encode
from shared.errors import DocumentError, FetchError, LimitExceeded, PassingError
from shared.messages.results import TaskFailed
from shared.messages.wire import decode, to_cloud_event


@pytest.mark.parametrize("transient", [True, False])
def test_a_report_says_whether_another_attempt_may_help(transient: bool) -> None:
    failed = TaskFailed(
        tenant="t", job_id="1", attempt=1, task="prepare", code="x", error="It failed.", transient=transient
    )
    assert decode(encode(to_cloud_event(failed, "/test"))).message == failed


def test_only_what_may_pass_is_transient() -> None:
    assert PassingError("timedOut", "It took too long.").transient
    assert TemporaryFetchError("urlNotReachable", "The server is away.").transient
    for kind in (DocumentError, FetchError, LimitExceeded):
        assert not kind("encryptedPdf", "It is encrypted.").transient
