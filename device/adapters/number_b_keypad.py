"""照合番号B where no plug reads it: the patient or the staff type it at the reader."""


class NumberTyped:
    """Satisfies device.ports.PrintedNumber: never knows the number, so it is asked."""

    async def verification_number_b(self) -> str | None:
        return None
