"""A course as JSON. Which option is right is not in it before it was answered."""

from typing import Any

from device.simulated.training.case import Case, Words
from device.simulated.training.cases import BY_ID
from device.simulated.training.course import Course, Phase
from device.simulated.training.record import Record, Row, record
from device.simulated.training.score import Judged, Line
from protocol.catalogue import entry


def state(course: Course, cases: tuple[Case, ...]) -> dict[str, Any]:
    """`cases`: those that can be played here."""
    order = [BY_ID[name] for name in course.order] or list(cases)
    case = course.case
    return {
        "phase": course.phase.value,
        "cases": [listed(one) for one in order],
        "number": course.number + 1 if case else 0,
        "case": present(case, course) if case else None,
        "question": question(case, course) if _asks(case, course) and case else None,
        "result": result(course) if course.phase is Phase.JUDGED else None,
        "record": on_paper(record(course)),
    }


def listed(case: Case) -> dict[str, Any]:
    return {"id": case.id, "title": words(case.title), "points": case.points}


def present(case: Case, course: Course) -> dict[str, Any]:
    then = case.says_then if course.happened.card_left else None
    return {
        "id": case.id,
        "stands": case.scene.stands,
        "card": case.scene.card,
        "other_card": case.scene.other_card,
        "says": words(then or case.says),
        "knows_pin": case.knows_pin,
    }


def question(case: Case, course: Course) -> dict[str, Any]:
    options = case.question.options
    return {
        "asked": words(case.question.asked),
        "options": [words(options[number]) for number in course.options],
    }


def result(course: Course) -> dict[str, Any]:
    judged = course.judged[-1]
    case = BY_ID[judged.case_id]
    code = case.codes[0]
    lines = entry(code)
    return {
        "title": words(case.title),
        "points": judged.points,
        "of": judged.of,
        "seconds": round(judged.seconds),
        "lines": [_line(line) for line in judged.lines],
        "never": words(judged.never) if judged.never else None,
        "chosen": _place(course, judged),
        "right": course.options.index(0),
        "why": words(case.question.why),
        "code": code.value,
        "staff": dict(lines.staff),
        "action": dict(lines.action),
    }


def on_paper(one: Record) -> dict[str, Any]:
    return {
        "rows": [_row(row) for row in one.rows],
        "points": one.points,
        "of": one.of,
        "passed": one.passed,
        "forbidden": one.forbidden,
        "seed": one.seed,
    }


def words(one: Words) -> dict[str, str]:
    return {"ja": one.ja, "en": one.en}


def _asks(case: Case | None, course: Course) -> bool:
    return case is not None and course.phase in {Phase.QUESTION, Phase.JUDGED}


def _place(course: Course, judged: Judged) -> int | None:
    """Where the option that was taken stands on the page."""
    return None if judged.chosen is None else course.options.index(judged.chosen)


def _line(line: Line) -> dict[str, Any]:
    return {
        "points": line.points,
        "of": line.of,
        "kept": line.kept,
        "why": words(line.why),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": words(row.title),
        "points": row.points,
        "of": row.of,
        "seconds": round(row.seconds),
        "missed": [words(one) for one in row.missed],
        "more": row.more,
        "forbidden": row.forbidden,
    }
