"""The patient's page: consents, who looked, revocation."""
