"""The form in which a person searches the list of providers."""

from pydantic import BaseModel, ValidationError

from app.errors import InvalidError
from app.models.directory import ProviderQuery

PAGE = 30  # providers on a page


class DirectoryForm(BaseModel):
    """The form's fields as they stand in the address; an empty one asks for nothing."""

    q: str = ""
    kind: str = ""
    country: str = ""
    stage: str = ""
    after: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """The fields that ask for something, without the place in the list."""
        return {
            name: value
            for name, value in self.model_dump(exclude={"after"}).items()
            if value.strip()
        }


def read(form: DirectoryForm) -> ProviderQuery:
    """The query of a form; InvalidError where it can't be one."""
    asked = form.asked
    try:
        return ProviderQuery.model_validate(
            {
                "q": asked.get("q"),
                **{name: [asked[name]] for name in ("kind", "country", "stage") if name in asked},
                "after": form.after or None,
                "limit": PAGE,
            }
        )
    except ValidationError as error:
        raise InvalidError("This can't be searched as it is.") from error
