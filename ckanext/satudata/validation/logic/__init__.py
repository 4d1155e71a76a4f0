"""Actions of the plugin and their parameters."""
