"""The private stack of a checkout: database, broker, gateway and engine as processes of one machine."""
