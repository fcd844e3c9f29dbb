# Everything a checkout can do. `make run` and `make test` are the two that matter.

BUILD := swift build -c release
LANDAU := .build/release/landau
MAIN_SWEEP := sweeps/weight-decay/depth.yaml
SOURCES := Sources Tests Package.swift

.PHONY: run check test torture figures bench docs format lint clean dependencies build

run: dependencies build
	$(LANDAU) run $(MAIN_SWEEP)

# Quick tests, for before a commit.
check: dependencies lint
	swift build -c release --build-tests
	LANDAU_QUICK=1 swift test -c release --skip-build

# All tests.
test: dependencies
	swift build -c release --build-tests
	swift test -c release --skip-build

# What takes too long for every day: 1,000 kills, 100,000 mutants.
torture: dependencies build
	sh Benchmarks/torture/kills.sh $(LANDAU) 1000
	swift build -c release --build-tests
	LANDAU_MUTANTS=100000 swift test -c release --skip-build --filter 'HostileInputTests|SpecMutationTests'

# Every sweep that ships with the project.
figures: dependencies build
	for sweep in sweeps/*/*.yaml; do $(LANDAU) run "$$sweep" || exit $$?; done

bench: dependencies
	swift run -c release --package-path Benchmarks

docs: dependencies
	swift package dump-symbol-graph --minimum-access-level public

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
