"""Who is certainly nobody: Japan's prefectures end at 47, fiction's is 99."""

from cloud.registry.model import Person

PREFECTURE = "99"


def fictitious(person: Person) -> bool:
    """Whether every insurer of the person stands in prefecture 99, and there is one.

    The prefecture is the two digits before the last four: of 8 digits the third and
    fourth, of 6 digits (国保) the first two.
    """
    numbers = [one.insurer_number for one in person.insurances]
    return bool(numbers) and all(one[-6:-4] == PREFECTURE for one in numbers)
