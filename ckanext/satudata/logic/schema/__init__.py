"""Parameters of actions, one module per group of actions."""
