"""Another password for somebody who knows the present one."""

import pytest
from sqlalchemy import Engine, update

from app.db import reading, writing
from app.models.person import Credentials, Person
from app.services import new_passwords, passwords, sign_ins
from app.services.passwords import WeakPasswordError
from app.services.sign_ins import NewSignIn, RefusedSignInError
from app.services.tenancy import IDENTIFY, SYSTEM
from tests.people import PASSWORD, person

NEW = "eight blue bioreactors"
EMAIL = "kim@hanbit.example"
pytestmark = pytest.mark.usefixtures("_quick_hashes")


def _enter(engine: Engine, password: str = PASSWORD) -> NewSignIn:
    given = Credentials(email=EMAIL, password=password)
    return sign_ins.by_password(engine, given, replaced=None, request_id=None)


def _is_in(engine: Engine, made: NewSignIn) -> bool:
    with reading(engine, IDENTIFY) as session:
        return sign_ins.identify(session, made.secret) is not None


def test_it_ends_every_other_sign_in(engine: Engine) -> None:
    person(engine)
    here, elsewhere = _enter(engine), _enter(engine)
    seen = sign_ins.of_person(engine, here.signed_in.person.id)
    assert {each.id for each in seen} == {here.signed_in.id, elsewhere.signed_in.id}
    new_passwords.by_owner(engine, here.signed_in, PASSWORD, NEW, None)
    assert (_is_in(engine, here), _is_in(engine, elsewhere)) == (True, False)
    assert _is_in(engine, _enter(engine, NEW))
    with pytest.raises(RefusedSignInError):
        _enter(engine)


def test_it_is_refused_to_who_doesn_t_know_the_present_one(engine: Engine) -> None:
    person(engine)
    here = _enter(engine)
    with pytest.raises(RefusedSignInError):
        new_passwords.by_owner(engine, here.signed_in, "another one", NEW, None)
    with pytest.raises(WeakPasswordError):
        new_passwords.by_owner(engine, here.signed_in, PASSWORD, "password1234", None)
    assert _is_in(engine, _enter(engine))


def test_of_two_changes_at_the_same_time_one_is_refused(engine: Engine) -> None:
    person(engine)
    here = _enter(engine)
    with writing(engine, SYSTEM.claims) as session:
        session.execute(update(Person).values(password_hash=passwords.stored("set meanwhile now")))
    with pytest.raises(RefusedSignInError):
        new_passwords.by_owner(engine, here.signed_in, PASSWORD, NEW, None)
    assert _is_in(engine, _enter(engine, "set meanwhile now"))
