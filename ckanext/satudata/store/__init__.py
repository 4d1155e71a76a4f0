"""PostgreSQL and file storage: the only place that knows how figures and files are kept."""
