"""What can be done and what can be asked: one module per noun."""
