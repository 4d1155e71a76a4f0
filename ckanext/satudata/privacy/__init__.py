"""Who people are: kept apart from what they ask, sealed, opened on record, deleted in time."""
