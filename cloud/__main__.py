"""python -m cloud: the same as shikaku-cloud."""

from cloud.cli import main

main()
