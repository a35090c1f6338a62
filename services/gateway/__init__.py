"""The gateway: authentication, records in MongoDB, and the life of every job."""
