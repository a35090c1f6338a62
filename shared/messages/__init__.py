"""The messages between gateway and engine: tasks go to engines, results come back."""
