"""What the README shows as a configuration is one."""

import re
import tomllib
from pathlib import Path

import device
from device.config import parse

README = Path(device.__file__).parent / "README.md"


def test_the_example_of_the_readme_is_accepted() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    config = parse(tomllib.loads(text), text, README)
    assert config.reader.simulated
    assert config.policy.resume_window_s == 120.0
