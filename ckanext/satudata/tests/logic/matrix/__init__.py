"""Who may do what: the list of all actions and pages, and the people who try them."""
