"""Numbers of logs and of datasets, for `stats`, the report and the audit."""
