# make help lists what there is. Every target works on a fresh clone.
.DEFAULT_GOAL := help
.PHONY: help setup oracles demo test check bench gallery pins clean
bin := .venv/bin
dev := --extra device --extra cloud --extra provision --extra dev
compile := --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
  -p 3.11

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## host packages and the Python environment
	@sh provisioning/host/environment.sh

oracles: setup  ## what the tests need besides: PC/SC, OpenSC, Tesseract
	@sh provisioning/host/environment.sh test

demo: setup  ## a clinic on this desk: broker, cloud, one reader in the browser
	@exec $(bin)/shikaku-demo $(ARGS)

check: oracles  ## lint, types, import contracts
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

test: oracles check  ## everything CI runs: the checks, then the tests
	$(bin)/pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

bench: setup  ## performance as ratios to references of the same run
	@exec $(bin)/python -m provisioning.bench $(ARGS)

gallery: setup  ## every screen of the reader as pictures under var/gallery
	@exec $(bin)/python -m ui_eink.gallery --out var/gallery $(ARGS)

pins:  ## compile requirements/dev.txt anew (needs uv)
	uv pip compile pyproject.toml $(dev) $(compile) -o requirements/dev.txt
	uv pip compile pyproject.toml $(dev) --extra pcsc $(compile) -o requirements/test.txt

clean:  ## remove what the demo and the tests made (keeps .venv)
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
