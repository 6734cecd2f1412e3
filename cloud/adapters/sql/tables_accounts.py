"""Staff accounts and their sessions. No secret stands here as it is."""

from sqlalchemy import Index, PrimaryKeyConstraint

from cloud.adapters.sql.tables import blob, flag, table, text, whole

accounts = table(
    "accounts",
    text("facility_code"),
    text("account"),
    text("name"),
    text("role"),
    flag("disabled"),
    whole("made_at"),
    # scrypt with its costs; empty until enrolled.
    text("password"),
    # Sealed (cloud/accounts/otp.py); pending until a first code has shown it works.
    blob("otp", nullable=True),
    flag("otp_confirmed"),
    whole("otp_step"),
    # SHA-256 of the secret that was handed out once.
    blob("enrolment", nullable=True),
    whole("enrolment_until", nullable=True),
    whole("failures"),
    whole("paused_until"),
    PrimaryKeyConstraint("facility_code", "account"),
    rowid=False,
)
staff_sessions = table(
    "staff_sessions",
    # SHA-256 of the token.
    blob("token_hash", primary_key=True),
    text("facility_code"),
    text("account"),
    whole("began"),
    whole("seen"),
    Index("staff_sessions_by_account", "facility_code", "account"),
    Index("staff_sessions_by_begin", "began"),
    rowid=False,
)
