"""Any result that can be made, for property tests."""

from datetime import date

from hypothesis import strategies as st

from protocol.oqs.result import (
    STEMS,
    TICKET_ELEMENTS,
    Consented,
    Disease,
    Elderly,
    Limit,
    Result,
    Ticket,
)

WRITABLE = st.characters(
    codec="cp932",
    exclude_categories=("Cc", "Cs", "Co", "Cn"),
    exclude_characters="〜−‖¢£¬",
)
"""Those excluded are written as their twins (text.py)."""
UNICODE = st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn"))
dates = st.none() | st.dates(date(1868, 1, 1), date(2100, 1, 1))
times = st.none() | st.integers(0, 4_000_000_000).map(lambda s: s * 1000)
digits = st.text("0123456789", max_size=8)
ratios = st.sampled_from(("", "000", "010", "020", "030", "100"))
yen = st.just("") | st.integers(1, 10**7).map(str)
flags = st.sampled_from("0123")
consented = st.builds(Consented, flags, times, times)
unending = st.none() | st.builds(Consented, flags, times)


def texts(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.text(alphabet, max_size=30)


def results(alphabet: st.SearchStrategy[str] = WRITABLE) -> st.SearchStrategy[Result]:
    text = texts(alphabet)
    return st.builds(
        Result,
        insurer_number=digits,
        number=text,
        symbol=text,
        branch=st.sampled_from(("", "00", "01", "99")),
        card_classification=st.sampled_from(("01", "A1")),
        relationship=st.sampled_from(("", "1", "2")),
        insured_name=text,
        name=text,
        name_other=text,
        name_kana=text,
        name_other_kana=text,
        sex=st.sampled_from("123"),
        sex_on_card=st.sampled_from(("", "1")),
        birth_date=dates,
        address=text,
        post_number=text,
        qualified_on=dates,
        disqualified_on=dates,
        issued_on=dates,
        valid_from=dates,
        expires_on=dates,
        copayment_ratio=ratios,
        preschool=st.sampled_from(("", "1")),
        loss_reason=st.sampled_from(("", "01", "99")),
        insurer_name=text,
        elderly=st.none()
        | st.builds(Elderly, dates, dates, st.just("020"), issued=dates),
        limit_consent=unending,
        limit=st.none()
        | st.builds(Limit, st.just("A03"), st.just("01"), dates, dates, dates, dates),
        disease_consent=unending,
        diseases=st.lists(
            st.builds(Disease, st.sampled_from("123"), dates, dates, dates, yen),
            max_size=3,
        ).map(tuple),
        tickets=st.lists(_tickets(text), max_size=2).map(tuple),
        consents=_consents(),
        reference_number=digits,
    )


def _tickets(text: st.SearchStrategy[str]) -> st.SearchStrategy[Ticket]:
    some = text.filter(bool)
    named = st.sets(st.sampled_from(TICKET_ELEMENTS), min_size=1)
    return named.flatmap(
        lambda names: st.tuples(
            *(st.tuples(st.just(one), some) for one in TICKET_ELEMENTS if one in names)
        )
    ).map(Ticket)


def _consents() -> st.SearchStrategy[tuple[tuple[str, Consented], ...]]:
    named = st.sets(st.sampled_from(STEMS))
    return named.flatmap(
        lambda stems: st.tuples(
            *(st.tuples(st.just(one), consented) for one in STEMS if one in stems)
        )
    )
