"""What gateway and engine both need: messages, topology, settings, logs."""
