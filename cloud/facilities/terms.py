"""What a facility switches on for itself, after the terms of it (F15, X7). Pure.

The texts are fictitious, as all terms here: an operator puts real ones in their place,
with a new version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.ids import FacilityCode


class Setting(StrEnum):
    HOME_VISITS = "home_visits"
    """訪問診療等機能."""
    ONLINE_CARE = "online_care"
    """オンライン診療等機能."""


@dataclass(frozen=True, slots=True)
class Terms:
    """利用規約. Whoever accepts, accepts one version."""

    version: str
    ja: str
    en: str


TERMS: Final[Mapping[Setting, Terms]] = {
    Setting.HOME_VISITS: Terms(
        "2026-06",
        "【架空の利用規約】患者本人が暗証番号を入力し、職員は入力しない。"
        "同意は継続的な訪問診療等の間だけ使う。端末は鍵をかけて管理する。",
        "[Fictitious terms] The patient alone enters the PIN. Consent is used only"
        " while the home care continues. Devices are kept under lock.",
    ),
    Setting.ONLINE_CARE: Terms(
        "2026-06",
        "【架空の利用規約】同意は診療のつど尋ねる。URLは患者本人だけに渡す。"
        "画面を写さない。",
        "[Fictitious terms] Consent is asked at every visit. The address is given to"
        " the patient only. No screenshots.",
    ),
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    facility: FacilityCode
    setting: Setting
    version: str
    who: str
    at: int


@dataclass(frozen=True, slots=True)
class Switch:
    facility: FacilityCode
    setting: Setting
    on: bool
    who: str
    at: int


def accepted(setting: Setting, acceptances: Iterable[Acceptance]) -> Acceptance | None:
    """Of the version that holds now; an older one is not enough to switch on."""
    version = TERMS[setting].version
    fitting = (one for one in acceptances if one.setting is setting)
    return next((one for one in fitting if one.version == version), None)
