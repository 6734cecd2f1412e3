"""What can stop the cloud from starting. Requests are never answered with these.

CloudError              .code is a catalogue code, the text says what to do
|-- ConfigError  D702   the configuration file is wrong
`-- InputError   D702   a file to be imported is wrong
"""

from typing import ClassVar

from protocol.catalogue import Code


class CloudError(Exception):
    code: ClassVar[Code] = Code.CONFIG_WRONG

    def __str__(self) -> str:
        return f"{self.code.value} {super().__str__()}"


class ConfigError(CloudError):
    pass


class InputError(CloudError):
    pass
