"""How an open question stands now: the same rules as when it was asked."""

from pydantic import TypeAdapter

from cloud.access.certificate import moment
from cloud.access.inquire import Inquiries
from cloud.eligibility.cause import Cause, why
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.model import JST
from cloud.eligibility.watch import Target, Watch
from cloud.registry.service import Registry

_QUERY = TypeAdapter(NumberQuery)


class Judge:
    """Called with a watch; None when the question would be answered now."""

    def __init__(self, registry: Registry, inquiries: Inquiries, now_ms: int) -> None:
        self._registry = registry
        self._inquiries = inquiries
        self._now_ms = now_ms

    def __call__(self, watch: Watch) -> Cause | None:
        if watch.target is Target.CARD:
            return self._card(bytes.fromhex(watch.value))
        query = _QUERY.validate_json(watch.value)
        return self._inquiries.number(query, self._now_ms).cause

    def _card(self, fingerprint: bytes) -> Cause | None:
        holder = self._registry.holder(fingerprint, None)
        if holder is None:
            return Cause.CARD_UNKNOWN
        if holder.person.hold:
            return Cause.HOLD
        today = moment(self._now_ms).astimezone(JST).date()
        return why(holder.person.insurances, today)


def query_text(query: NumberQuery) -> str:
    """A query as a watch keeps it."""
    return _QUERY.dump_json(query).decode()
