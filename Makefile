# make help lists what there is. Every target works on a fresh clone.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench gallery pins clean
bin := .venv/bin

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## host packages and the Python environment
	@sh provisioning/host/environment.sh

demo: setup  ## a clinic on this desk: broker, cloud, one reader in the browser
	@exec $(bin)/shikaku-demo $(ARGS)

check: setup  ## lint, types, import contracts
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

test: check  ## everything CI runs: the checks, then the tests
	$(bin)/pytest $(ARGS)

bench: setup  ## performance as ratios to references of the same run
	@exec $(bin)/python -m provisioning.bench $(ARGS)

gallery: setup  ## every screen of the reader as pictures under var/gallery
	@exec $(bin)/python -m ui_eink.gallery --out var/gallery $(ARGS)

pins:  ## compile requirements/dev.txt anew (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -p 3.11 -o requirements/dev.txt

clean:  ## remove what the demo and the tests made (keeps .venv)
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
