"""A requirement with its needs, kept on both engines."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.models.requirement import Importance, Requirement, RequirementNeed


def test_a_requirement_keeps_its_needs_as_they_were_written(session: Session) -> None:
    requirement = Requirement(title="mRNA", text="GMP mRNA", countries_preferred=["KR"])
    session.add(requirement)
    session.flush()
    need = RequirementNeed(
        requirement_id=requirement.id,
        service="LNP formulation",
        quality=["GMP"],
        scale={"minimum": 5.0, "unit": "L"},
        importance=Importance.MUST,
    )
    session.add(need)
    session.commit()
    session.expire_all()
    kept = session.exec(select(RequirementNeed)).one()
    assert (kept.service, kept.quality, kept.importance) == (
        "LNP formulation",
        ["GMP"],
        Importance.MUST,
    )
    assert kept.scale == {"minimum": 5.0, "unit": "L"}


def test_a_need_goes_with_its_requirement(session: Session) -> None:
    requirement = Requirement(title="mRNA")
    session.add(requirement)
    session.flush()
    session.add(RequirementNeed(requirement_id=requirement.id, service="x"))
    session.commit()
    session.delete(requirement)
    session.commit()
    assert session.exec(select(RequirementNeed)).all() == []


def test_a_need_belongs_to_a_requirement(session: Session) -> None:
    session.add(RequirementNeed(requirement_id=Requirement(title="x").id, service="x"))
    with pytest.raises(IntegrityError):
        session.flush()
