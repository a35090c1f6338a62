"""The HTTP interface: a module per resource, thin over the pipeline and the store."""
