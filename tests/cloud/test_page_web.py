"""The patient's page over HTTP: ways in that are none, and what every answer has."""

import shutil
import socket
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import structlog

from cloud.consent.link import LIFE_MS
from cloud.page.render import preferred
from cloud.page.tries import TRIES
from tests.cloud.page_world import (
    ELSEWHERE,
    YES,
    Answer,
    Desk,
    Phone,
    Site,
    other_word,
    served,
)
from tests.cloud.world import FACILITY, card

PATHS = ("/", "/receipt", "/seen", "/withdraw", "/withdrawn", f"/at/{FACILITY}")


@pytest.fixture
def file(sqlite_schema: Path, tmp_path: Path) -> Path:
    made = tmp_path / "cloud.sqlite3"
    shutil.copyfile(sqlite_schema, made)
    return made


@pytest.fixture
def site(file: Path) -> Iterator[Site]:
    with served(file) as running:
        yield running


@pytest.fixture
def desk(site: Site) -> Desk:
    return site.desk


@pytest.fixture
def inside(site: Site) -> Phone:
    """Somebody who got in."""
    phone = Phone(site)
    assert phone.enter(*site.desk.visit()).status == 303
    return phone


def guarded(answer: Answer) -> bool:
    """What every answer must have."""
    policy = answer.headers["Content-Security-Policy"]
    return (
        "default-src 'none'" in policy
        and "unsafe" not in policy
        and answer.headers["Referrer-Policy"] == "no-referrer"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
        and answer.headers["Cache-Control"] == "no-store"
        and "<script" not in answer.body
        and " style=" not in answer.body
        and "<style" not in answer.body
    )


# -- in ------------------------------------------------------------------------------
def test_a_link_and_its_word_open_the_page(site: Site) -> None:
    phone = Phone(site)
    token, word = site.desk.visit()
    asked = phone.get(f"/R/{token}")
    assert asked.status == 200
    assert not phone.cookies
    entered = phone.enter(token, word)
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    overview = phone.get("/")
    assert overview.status == 200
    assert FACILITY in overview.body
    assert "試験" not in overview.body.replace("試験用の架空", "")
    assert all(map(guarded, (asked, entered, overview)))


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_for_this_site_and_no_script(file: Path, secure: bool) -> None:
    with served(file, secure=secure) as site:
        entered = Phone(site).enter(*site.desk.visit())
    kept = entered.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(kept.split("; "))
    assert ("; Secure" in kept) is secure
    assert kept.startswith("__Host-receipt=" if secure else "receipt=")
    assert "Max-Age" not in kept
    assert ("Strict-Transport-Security" in entered.headers) is secure


def test_unknown_and_old_links_are_one_page(site: Site) -> None:
    token, word = site.desk.visit()
    phone = Phone(site)
    unknown = phone.get("/R/" + "0" * 26)
    site.desk.later(LIFE_MS)
    old = phone.get(f"/R/{token}")
    assert unknown.body == old.body
    assert (old.status, old.code) == (404, "P301")
    mark = site.desk.page.mark(token)
    late = phone.ask("POST", "/word", {"link": token, "mark": mark, "word": word})
    assert (late.status, late.code) == (404, "P301")


def test_a_wrong_word_shows_the_form_again_and_makes_wait(site: Site) -> None:
    token, word = site.desk.visit()
    phone = Phone(site)
    wrong = phone.enter(token, other_word(word))
    assert (wrong.status, wrong.code) == (403, "P302")
    assert wrong.headers["Retry-After"] == "2"
    assert 'aria-invalid="true"' in wrong.body
    soon = phone.enter(token, word)
    assert (soon.status, soon.code) == (429, "P303")
    assert not phone.cookies
    site.desk.later(2000)
    assert phone.enter(token, word).status == 303


def test_after_some_wrong_words_the_link_is_locked(site: Site) -> None:
    token, word = site.desk.visit()
    phone = Phone(site)
    for _ in range(TRIES):
        last = phone.enter(token, other_word(word))
        site.desk.later(60_000)
    assert (last.status, last.code) == (403, "P304")
    assert phone.get(f"/R/{token}").code == "P304"
    assert phone.enter(token, word).code == "P305"


def test_without_a_session_nothing_is_shown(site: Site) -> None:
    site.desk.visit()
    cookies: tuple[dict[str, str], ...] = (
        {},
        {"receipt": "0" * 64},
        {"receipt": "é"},
    )
    for path, sent in product(PATHS, cookies):
        refused = Phone(site, dict(sent)).get(path)
        assert (refused.status, refused.code) == (403, "P305"), path
        assert FACILITY not in refused.body
        assert guarded(refused)


def test_a_session_ends_with_its_link(site: Site, inside: Phone) -> None:
    site.desk.later(LIFE_MS)
    assert inside.get("/").code == "P305"


def test_who_opens_it_again_closes_it_elsewhere(site: Site) -> None:
    visit = site.desk.visit()
    first, second = Phone(site), Phone(site)
    first.enter(*visit)
    second.enter(*visit)
    assert first.get("/").code == "P305"
    assert second.get("/").status == 200


# -- forms ---------------------------------------------------------------------------
def test_a_form_without_our_mark_does_nothing(desk: Desk, inside: Phone) -> None:
    forms: tuple[tuple[str, dict[str, str]], ...] = (
        ("/withdraw", {"facility": "", "item": ""}),
        (f"/presets/{FACILITY}", {"operation": "refused"}),
        ("/end", {}),
    )
    for (path, form), mark in product(forms, ("", "0" * 64, "é")):
        refused = inside.ask("POST", path, {**form, "mark": mark})
        assert (refused.status, refused.code) == (403, "P305")
    assert desk.reads("operation")
    assert inside.get("/").status == 200


def test_the_mark_of_another_session_is_none(site: Site, inside: Phone) -> None:
    other = card(key="neighbour")
    site.desk.knows(other)
    neighbour = Phone(site)
    neighbour.enter(*site.desk.visit(by=other))
    form = {"mark": neighbour.get("/withdraw").mark, "facility": "", "item": ""}
    assert inside.ask("POST", "/withdraw", form).code == "P305"
    assert site.desk.reads("operation")


def test_what_another_site_makes_a_browser_send_is_refused(
    desk: Desk, inside: Phone
) -> None:
    form = {"mark": inside.get("/withdraw").mark, "facility": "", "item": ""}
    for where in ("cross-site", "same-site"):
        refused = inside.ask("POST", "/withdraw", form, Sec_Fetch_Site=where)
        assert (refused.status, refused.code) == (403, "P305")
    assert desk.reads("operation")
    done = inside.ask("POST", "/withdraw", form, Sec_Fetch_Site="same-origin")
    assert done.status == 303
    assert not desk.reads("operation")


NOT_OURS = [
    b"word=1&word=2",
    b"more=1",
    b"word",
    b"=",
    b"\xff\xfe",
    b"word=%ff",
    b"&".join(b"a%d=1" % n for n in range(17)),
    b"{}",
]


def test_a_form_that_is_not_ours_is_not_read(site: Site) -> None:
    for raw in NOT_OURS:
        refused = Phone(site).ask("POST", "/word", raw)
        assert refused.status in {400, 403}, raw
        assert refused.code in {"P308", "P305"}
        assert guarded(refused)


def test_another_kind_of_body_is_not_read(site: Site) -> None:
    refused = Phone(site).ask("POST", "/word", b"{}", Content_Type="application/json")
    assert (refused.status, refused.code) == (400, "P308")


def test_a_body_over_4_kib_is_cut_off(site: Site) -> None:
    large = Phone(site).ask("POST", "/word", b"word=" + b"1" * 4096)
    assert (large.status, large.code) == (413, "P308")
    assert guarded(large)


def test_slow_clients_are_cut(file: Path) -> None:
    head = b"POST /word HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n"
    form = b"Content-Type: application/x-www-form-urlencoded\r\n\r\nword="
    with served(file, idle_s=0.5, body_s=0.5) as site:
        begun = time.monotonic()
        for sent, answered in ((head, b""), (head + form, b"HTTP/1.1 408")):
            with socket.create_connection(("127.0.0.1", site.port), 5) as line:
                line.sendall(sent)
                assert _all(line).startswith(answered)
        assert time.monotonic() - begun < 5


def _all(line: socket.socket) -> bytes:
    parts = []
    try:
        while part := line.recv(4096):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


# -- what is theirs, and what is not ---------------------------------------------------
def test_what_is_another_persons_is_not_there(site: Site, inside: Phone) -> None:
    other = card(key="neighbour")
    site.desk.knows(other)
    theirs = site.desk.person(other)
    site.desk.elsewhere({"checkup": YES}, theirs)
    mark = inside.get("/").mark
    for path in (
        f"/at/{ELSEWHERE}",
        f"/withdraw?facility={ELSEWHERE}",
        f"/withdraw?facility={ELSEWHERE}&item=checkup",
        f"/withdrawn?facility={ELSEWHERE}",
        f"/presets/{ELSEWHERE}",
    ):
        refused = inside.get(path)
        assert (refused.status, refused.code) == (404, "P307")
        assert ELSEWHERE not in refused.body
    form = {"mark": mark, "facility": ELSEWHERE, "item": "checkup"}
    assert inside.ask("POST", "/withdraw", form).code == "P307"
    preset = {"mark": mark, "checkup": "granted"}
    assert inside.ask("POST", f"/presets/{ELSEWHERE}", preset).code == "P307"
    everything = {"mark": mark, "facility": "", "item": ""}
    assert inside.ask("POST", "/withdraw", everything).status == 303
    assert site.desk.stores.consents.opened(theirs)


NOWHERE = [
    "/nothing",
    "/R/",
    "/at/",
    "/at/%2e%2e",
    "/at/' OR 1=1 --",
    "/seen?sheet=-1",
    "/seen?sheet=1e9",
    "/withdraw?item=operation",
    f"/withdraw?facility={FACILITY}&item=everything",
]


def test_addresses_that_do_not_exist_say_so(inside: Phone) -> None:
    for path in NOWHERE:
        refused = inside.get(path.replace(" ", "%20"))
        assert (refused.status, refused.code) == (404, "P307"), path
        assert guarded(refused)


def test_other_methods_are_refused(inside: Phone) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        refused = inside.ask(method, "/withdraw")
        assert refused.status in {404, 405}, method
        assert guarded(refused)


def test_what_a_query_says_is_escaped(inside: Phone) -> None:
    for path in ("/?lang=%3Cscript%3E", "/seen?sheet=%22%3E%3Cscript%3E"):
        assert "<script" not in inside.get(path).body


# -- withdrawal, presets, language, the end --------------------------------------------
def test_a_withdrawal_is_confirmed_done_and_shown(desk: Desk, inside: Phone) -> None:
    confirm = inside.get(f"/withdraw?facility={FACILITY}&item=operation")
    assert confirm.status == 200
    assert desk.reads("operation")
    form = {"mark": confirm.mark, "facility": FACILITY, "item": "operation"}
    desk.later(1000)
    done = inside.ask("POST", "/withdraw", form)
    assert done.status == 303
    assert not desk.reads("operation")
    assert desk.reads("checkup")
    shown = inside.get(done.headers["Location"])
    assert shown.status == 200
    assert "12:00" in shown.body
    # Asked for by hand, it says nothing that is not so.
    assert inside.get(f"/withdrawn?facility={FACILITY}").status == 303


def test_presets_are_kept(desk: Desk, inside: Phone) -> None:
    page = inside.get(f"/presets/{FACILITY}")
    form = {"mark": page.mark, "operation": "refused"}
    desk.later(1000)
    saved = inside.ask("POST", f"/presets/{FACILITY}", form)
    after = inside.get(saved.headers["Location"])
    assert 'name="operation" value="refused" checked' in after.body
    assert 'role="status"' in after.body
    assert 'role="status"' not in inside.get(f"/presets/{FACILITY}").body
    for bad in ({"operation": "maybe"}, {"nothing": "granted"}):
        refused = inside.ask("POST", f"/presets/{FACILITY}", {"mark": page.mark, **bad})
        assert (refused.status, refused.code) == (400, "P308")


def test_the_language_is_chosen_without_a_script(site: Site, inside: Phone) -> None:
    assert 'lang="ja"' in Phone(site).get("/R/" + "0" * 26).body
    english = inside.get("/?lang=en")
    assert '<html lang="en">' in english.body
    assert '<html lang="en">' in inside.get("/receipt").body
    assert '<html lang="ja">' in inside.get("/receipt?lang=ja").body
    guest = Phone(site).get("/closed", Accept_Language="en-GB,en;q=0.9,ja;q=0.5")
    assert guest.headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("", "ja"),
        ("de,fr;q=0.9", "ja"),
        ("en", "en"),
        ("ja;q=0.1,en;q=0.9", "en"),
        ("de,en-US;q=0.7,ja;q=0.8", "ja"),
        ("en;q=x," * 99, "ja"),
    ],
)
def test_the_browsers_language_decides_first(accepted: str, lang: str) -> None:
    assert preferred(accepted) == lang


def test_the_page_is_closed_by_its_button(inside: Phone) -> None:
    before = dict(inside.cookies)
    closed = inside.ask("POST", "/end", {"mark": inside.get("/").mark})
    assert closed.headers["Location"] == "/closed"
    assert not inside.cookies
    assert inside.get("/closed").status == 200
    inside.cookies = before
    assert inside.get("/").code == "P305"


def test_an_error_inside_tells_nothing_and_nobody(site: Site, inside: Phone) -> None:
    site.desk.stores.page._database.run_text("DROP TABLE consent_presets")  # type: ignore[attr-defined]
    with structlog.testing.capture_logs() as logs:
        failed = inside.get(f"/at/{ELSEWHERE}")
    assert (failed.status, failed.code) == (500, "P309")
    assert guarded(failed)
    assert "consent_presets" not in failed.body
    (line,) = logs
    assert (line["kind"], line["exc_info"]) == ("OperationalError", False)
    assert set(line) == {"event", "kind", "exc_info", "log_level"}


def test_no_log_has_an_address_or_a_word(site: Site) -> None:
    token, word = site.desk.visit()
    with structlog.testing.capture_logs() as logs:
        Phone(site).enter(token, other_word(word))
        Phone(site).get(f"/R/{token}x")
    assert token not in str(logs)
    assert word not in str(logs)
