"""Where each wire of the front goes: said by the self-test and by whoever refuses.

Pins are BCM numbers, as gpiozero counts them. device/README.md shows the same table.
"""

from typing import Final

from device.ports import PartError
from protocol.catalogue import Code

WAVESHARE: Final = (
    "SPI0: DIN GPIO10 (pin 19), CLK GPIO11 (pin 23), CS GPIO8 (pin 24), DC GPIO25"
    " (pin 22), RST GPIO17 (pin 11), BUSY GPIO24 (pin 18), PWR GPIO18 (pin 12), 3.3 V"
    " (pin 1), GND (pin 6); sudo raspi-config nonint do_spi 0"
)
INKY: Final = (
    "on the 40-pin header: MOSI GPIO10, SCLK GPIO11, CS GPIO8, DC GPIO22, RESET GPIO27,"
    " BUSY GPIO17, EEPROM on I2C GPIO2 and GPIO3; sudo raspi-config nonint do_spi 0;"
    " sudo raspi-config nonint do_i2c 0; dtoverlay=spi0-0cs in"
    " /boot/firmware/config.txt"
)
CAMERA: Final = (
    "ribbon cable in CAM/DISP 0, contacts to the contacts; sudo apt install"
    " python3-picamera2; rpicam-hello --list-cameras names it"
)
WEBCAM: Final = "USB; v4l2-ctl --list-devices names it; pip install shikaku[webcam]"
SOUND: Final = "USB sound card; aplay -L names it; sudo apt install alsa-utils"
GPIO: Final = (
    "sudo apt install python3-lgpio (or pip install lgpio); the reader's user is in"
    " the group gpio"
)


def not_there(part: str, what: str, wiring: str) -> PartError:
    """`part` is missing or does not answer; says how it is wired."""
    return PartError(Code.SELFTEST_FAILED, f"{part}: {what}. Wiring: {wiring}")
