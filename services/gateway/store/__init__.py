"""Records in MongoDB. Motor is known only here, so that another driver is a change of this package."""
