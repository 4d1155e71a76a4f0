"""What happens: publish, check, declare. Transactions live here."""
