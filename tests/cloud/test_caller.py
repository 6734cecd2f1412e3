"""Who may what: one table, and what is not in it is refused."""

import pytest

from cloud.web.caller import Caller, Profile, Right, Role, Staff, refusal
from protocol.catalogue import Code
from protocol.ids import FacilityCode

HERE = FacilityCode("1310000003")
MAY = {
    (Profile.FULL, None): {Right.ASK},
    (Profile.FULL, Role.RECEPTION): {Right.ASK},
    (Profile.FULL, Role.CLINICIAN): {Right.ASK, Right.READ_RECORDS},
    (Profile.FULL, Role.ADMINISTRATOR): {Right.ASK, Right.MANAGE},
    (Profile.ELIGIBILITY_ONLY, None): {Right.ASK},
    (Profile.ELIGIBILITY_ONLY, Role.RECEPTION): {Right.ASK},
    (Profile.ELIGIBILITY_ONLY, Role.CLINICIAN): {Right.ASK},
    (Profile.ELIGIBILITY_ONLY, Role.ADMINISTRATOR): {Right.ASK, Right.MANAGE},
}


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("role", [None, *Role])
def test_every_caller_may_what_the_table_says_and_nothing_else(
    profile: Profile, role: Role | None
) -> None:
    staff = Staff("a-1", role) if role else None
    caller = Caller(HERE, profile, staff)
    allowed = {right for right in Right if refusal(caller, right) is None}
    assert allowed == MAY[profile, role] | {Right.PUBLIC}


def test_a_stranger_may_nothing_but_what_is_public() -> None:
    assert {right for right in Right if refusal(None, right) is None} == {Right.PUBLIC}
    assert refusal(None, Right.ASK) is Code.FACILITY_UNKNOWN


def test_a_computer_alone_reads_no_records_and_changes_no_settings() -> None:
    caller = Caller(HERE)
    assert refusal(caller, Right.READ_RECORDS) is Code.SIGN_IN_NEEDED
    assert refusal(caller, Right.MANAGE) is Code.SIGN_IN_NEEDED


def test_eligibility_only_is_told_so_before_anybody_signs_in() -> None:
    caller = Caller(HERE, Profile.ELIGIBILITY_ONLY)
    assert refusal(caller, Right.READ_RECORDS) is Code.NOT_IN_PROFILE
