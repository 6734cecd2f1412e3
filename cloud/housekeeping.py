"""What a worker does once a minute, beside answering. Any worker may: all of it can be
done twice without harm.
"""

from cloud.access.inquire import Inquiries
from cloud.access.watcher import Judge
from cloud.accounts.service import Accounts
from cloud.eligibility.service import recheck
from cloud.eligibility.watch import Notice
from cloud.facilities.life import FacilityLife
from cloud.main import Stores
from cloud.registry.service import Registry


def housekeeping(stores: Stores, now_ms: int) -> list[Notice]:
    """Forget what is of no use, end what is over, look again at open questions;
    into operation whose day has come, and a word to whose certificate ends soon.
    """
    stores.ledger.forget(now_ms)
    stores.consents.destroy_expired(now_ms)
    life = FacilityLife(stores.life)
    life.start_due(now_ms)
    life.tell_expiries(now_ms)
    Accounts(stores.accounts).forget(now_ms)
    stores.page.forget(now_ms)
    return look_again(stores, now_ms)


def look_again(stores: Stores, now_ms: int) -> list[Notice]:
    """What facilities are now told."""
    registry = Registry(stores.registry)
    inquiries = Inquiries(registry, stores.eligibility)
    return recheck(stores.eligibility, Judge(registry, inquiries, now_ms), now_ms)
