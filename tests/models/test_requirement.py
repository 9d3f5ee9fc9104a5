"""A requirement with its needs, kept on both engines."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.models.company import Company
from app.models.need import Importance
from app.models.requirement import Requirement, RequirementNeed
from app.services import portals


@pytest.fixture
def requirement(session: Session) -> Requirement:
    company = Company(portal_id=portals.centre(session).id, name="Alpha")
    session.add(company)
    session.flush()
    made = Requirement(
        portal_id=company.portal_id,
        company_id=company.id,
        title="mRNA",
        text="GMP mRNA",
        used_at=datetime.now(UTC),
    )
    session.add(made)
    session.flush()
    return made


@pytest.mark.parametrize("quality", [None, "GMP", ["GMP", "GLP"]])
@pytest.mark.parametrize("scale", [None, "50 L", {"minimum": 5.0, "unit": "L"}])
def test_a_requirement_keeps_its_needs_as_they_were_written(
    session: Session, requirement: Requirement, quality: object, scale: object
) -> None:
    need = RequirementNeed(
        requirement_id=requirement.id,
        position=0,
        service="LNP formulation",
        quality=quality,
        scale=scale,
        importance=Importance.MUST,
    )
    session.add(need)
    session.commit()
    session.expire_all()
    kept = session.exec(select(RequirementNeed)).one()
    assert (kept.service, kept.quality, kept.scale, kept.importance) == (
        "LNP formulation",
        quality,
        scale,
        Importance.MUST,
    )


def test_a_need_goes_with_its_requirement(session: Session, requirement: Requirement) -> None:
    session.add(RequirementNeed(requirement_id=requirement.id, position=0, service="x"))
    session.commit()
    session.delete(requirement)
    session.commit()
    assert session.exec(select(RequirementNeed)).all() == []


def test_a_need_belongs_to_a_requirement(session: Session) -> None:
    session.add(RequirementNeed(requirement_id=uuid4(), position=0, service="x"))
    with pytest.raises(IntegrityError):
        session.flush()
