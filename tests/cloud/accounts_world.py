"""Staff for tests: a desk that is enrolled, and what its authenticator shows."""

from base64 import b32decode
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from cloud.accounts import otp
from cloud.accounts.factors import Method
from cloud.accounts.model import Role
from cloud.accounts.password import Cost
from cloud.accounts.service import Accounts, AccountStore, Given
from tests.cloud.world import FACILITY, NOON, ms

NOW = ms(NOON)
STEP_MS = otp.STEP_S * 1000
QUICK = Cost(log_n=4, r=1, p=1)
KEY = bytes(range(otp.KEY_BYTES))
PASSWORD = "a sentence by heart"
_numbers = count(1)


def random(size: int) -> bytes:
    return next(_numbers).to_bytes(size, "big")


def accounts_of(store: AccountStore) -> Accounts:
    return Accounts(store, KEY, cost=QUICK, random=random)


@dataclass
class Phone:
    """An authenticator that scanned the URI."""

    uri: str

    def code(self, at_ms: int) -> str:
        secret = parse_qs(urlsplit(self.uri).query)["secret"][0]
        padded = secret + "=" * (-len(secret) % 8)
        generator = TOTP(b32decode(padded), 6, SHA1(), 30)  # noqa: S303
        return generator.generate(at_ms // 1000).decode()


def given(code: str, password: str = PASSWORD) -> list[Given]:
    return [
        Given(Method.PASSWORD, password),
        Given(Method.ONE_TIME_PASSWORD, code),
    ]


def enrolled(
    accounts: Accounts, name: str = "m-sato", role: Role = Role.CLINICIAN
) -> Phone:
    """Done a step before NOW, so that the code of NOW is fresh."""
    at = NOW - 10 * STEP_MS
    secret = accounts.add(FACILITY, name, role, "佐藤　美香", at).secret
    phone = Phone(accounts.begin_enrolment(FACILITY, name, secret, PASSWORD, at))
    accounts.finish_enrolment(FACILITY, name, secret, phone.code(at), at)
    return phone
