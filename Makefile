# Everything a checkout can do. `make run` and `make test` are the two that matter.

BUILD := swift build -c release
LANDAU := .build/release/landau
MAIN_SWEEP := sweeps/weight-decay/depth.yaml
SOURCES := Sources Tests Examples Package.swift
NET_STEPS := Benchmarks/.build/release/NetSteps
RIVALS := Benchmarks/rivals

.PHONY: run check test guard test-python torture attack dist wheel figures bench bench-rivals bench-convergence bench-engine bench-batch-reuse
.PHONY: bench-dynamics bench-programs coverage-tables recipes-table docs gallery man completions format lint clean dependencies build

run: dependencies build
	$(LANDAU) run $(MAIN_SWEEP)

# Quick tests, for before a commit.
check: dependencies lint
	swift build -c release --build-tests
	swift test -c release --skip-build --skip 'SlurmTests|RepairTests|SignalTests|HostileInputTests|CollapseTests|CoverageTests'

# All tests.
test: dependencies
	swift build -c release --build-tests
	swift build -c release --product landau
	cd python && LANDAU=$(CURDIR)/$(LANDAU) python3 -m unittest tests.test_serve tests.test_face
	swift test -c release --skip-build

# All sweeps plan, and twenty quick recipes come out as recorded.
guard: dependencies build
	.ci/guard

# The Python face with the libraries that it can speak to, in an environment of its own, and a wheel where nothing else is.
test-python: dependencies build
	sh python/environment.sh .build/python
	if [ -x .build/python/bin/python ]; then \
		cd python && LANDAU=$(CURDIR)/$(LANDAU) ../.build/python/bin/python -m unittest tests.test_face tests.test_frames && \
		cd .. && sh python/smoke.sh $(LANDAU) .build/wheel; fi

# What takes too long for every day: 1,000 kills, 100,000 mutants.
torture: dependencies build
	sh Benchmarks/torture/kills.sh $(LANDAU) 1000
	sh Benchmarks/torture/programs.sh $(LANDAU) 200
	if [ "$$(id -u)" = 0 ]; then sh Benchmarks/torture/disk.sh $(LANDAU); fi
	if [ "$$(id -u)" = 0 ]; then $(MAKE) dist && sh Benchmarks/torture/static.sh dist/landau $(LANDAU); \
	else echo "SKIPPED: the static command alone in a root folder: needs root" >&2; fi
	swift build -c release --build-tests
	LANDAU_MUTANTS=100000 swift test -c release --skip-build --filter 'HostileInputTests|SpecMutationTests|DataMutationTests'

# Random and adversarial questions to every model's theory, against slow code in Python (numpy, scipy, mpmath); minutes.
attack: dependencies build
	python3 Benchmarks/oracles/attack.py --landau $(LANDAU) --page docs/generated/attack.md

# A folder that runs on another Linux without building: dist/landau, the command in its bin.
dist: dependencies
	sh ./dist.sh dist/landau

# The same as a package for pip: dist/landau_nets-VERSION-….whl
wheel: dist
	python3 python/wheel.py dist/landau dist

# Every sweep that ships with the project.
figures: dependencies build
	for sweep in $(filter-out sweeps/starters/%,$(wildcard sweeps/*/*.yaml)); do $(LANDAU) run "$$sweep" || exit $$?; done

# What came of all recipes, into docs/generated/recipes.md; five minutes.
recipes-table: dependencies build
	mkdir -p results
	$(LANDAU) reproduce all --quick --json > results/recipes.json || test $$? = 1
	python3 Benchmarks/recipes.py < results/recipes.json > docs/generated/recipes.md

# How often verdicts on tables of one value a control are right, into docs/generated/single-curves.md; ten minutes.
coverage-tables: dependencies
	swift build -c release --package-path Benchmarks --product SingleCurves
	Benchmarks/.build/release/SingleCurves 40 3 stated=120 unstated heavy shares signed logarithmic clean \
		> docs/generated/single-curves.md

# The kernel's speed; beside JAX, PyTorch and NumPy, into docs/generated/benchmarks.md, where `make bench-rivals` has been made.
bench: dependencies
	swift build -c release --package-path Benchmarks
	if [ -x $(RIVALS)/.venv/bin/python ]; then \
		$(RIVALS)/.venv/bin/python $(RIVALS)/report.py --ours $(NET_STEPS) --log Benchmarks/net-steps.jsonl \
			--page docs/generated/benchmarks.md --chart docs/figures/benchmarks.svg; \
	else $(NET_STEPS); fi
	$(NET_STEPS) --other
	$(NET_STEPS) --threads 2

# The rivals' environment (Python 3.11 or later, 1.5 GB).
bench-rivals:
	sh $(RIVALS)/install.sh

# Time to converged minima, beside JAX's gradient descent and Adam.
bench-convergence: dependencies build bench-rivals
	$(RIVALS)/.venv/bin/python $(RIVALS)/convergence.py --landau $(LANDAU) --page docs/generated/benchmarks.md

# Start-up, store, status and resume, beside Optuna and signac, into docs/generated/sweep-engine.md.
bench-engine: dependencies build
	swift build -c release --package-path Benchmarks --product StoreRows
	swift build -c release --package-path Benchmarks --product Empty
	[ -x $(RIVALS)/.venv-engine/bin/python ] || python3 -m venv $(RIVALS)/.venv-engine
	timeout 900 $(RIVALS)/.venv-engine/bin/pip install --quiet --requirement $(RIVALS)/requirements-engine.txt
	$(RIVALS)/.venv-engine/bin/python $(RIVALS)/sweep_engine.py --landau $(LANDAU) \
		--rows Benchmarks/.build/release/StoreRows --empty Benchmarks/.build/release/Empty --page docs/generated/sweep-engine.md

# What the channel to a program costs a point, beside a process per point and Optuna, into docs/your-net.md.
bench-programs: dependencies build
	python3 $(RIVALS)/program_channel.py --landau $(LANDAU) --page docs/your-net.md

# Batch reuse beside NumPy: simulation and mean-field theory.
bench-batch-reuse: dependencies build bench-rivals
	$(RIVALS)/.venv/bin/python $(RIVALS)/batch_reuse.py $(LANDAU) docs/generated/benchmarks.md

# Training with sharpness and tangent kernel at every step, beside JAX.
bench-dynamics: dependencies build bench-rivals
	swift build -c release --package-path Benchmarks --product NetSteps
	$(RIVALS)/.venv/bin/python $(RIVALS)/dynamics.py --landau $(LANDAU) --page docs/generated/benchmarks.md

# Every recipe on a page: results/gallery/gallery.html and gallery.md.
gallery: dependencies build
	$(LANDAU) gallery

# Shared files, the manual page and completions for bash, zsh and fish, in dist/share.
man completions: dependencies build
	sh ./share.sh $(LANDAU) dist/share

# The public interface of each module as a DocC archive, in .build/documentation.
docs: dependencies build
	sh docs/api/make.sh .build/documentation

format:
	swift format --in-place --recursive $(SOURCES)

lint:
	swift format lint --strict --recursive $(SOURCES)

build:
	$(BUILD) --product landau

clean:
	swift package clean
	rm -rf .build

dependencies:
	@sh ./dependencies.sh
