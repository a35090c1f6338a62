"""The life of a job: submitted, prepared, recognised page by page, extracted; or failed, or cancelled."""
