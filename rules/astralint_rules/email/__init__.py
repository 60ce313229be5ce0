"""Rules about SES: the email account."""
