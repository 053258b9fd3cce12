"""The one category of Python warnings that einloop gives."""

from __future__ import annotations


class EinloopWarning(UserWarning):
    """Something legal that was probably not meant. The text begins with `id`, which has one meaning.

    Examples
    --------
    >>> import warnings
    >>> warnings.filterwarnings("ignore", message="EL702", category=EinloopWarning)
    >>> print(EinloopWarning("EL702", "'i' and 'k' meet nobody"))
    EL702: 'i' and 'k' meet nobody
    """

    def __init__(self, id: str, text: str) -> None:
        super().__init__(f"{id}: {text}")
        self.id = id
        self.text = text

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.id, self.text))
