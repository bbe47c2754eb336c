# Culver. All it needs to start are Go 1.26 and make; see README.md.

GO       ?= go
GOFMT    ?= gofmt
FUZZTIME ?= 30s
OUT      ?= out
ROUNDS   ?= 11
PUREGO   ?=
SOAK     ?= 10m
SEED     ?=
ARGS     ?=

# One set of build flags everywhere. Another set (-trimpath, -race) would compile
# the graphics driver once more, which takes minutes.
BUILD  = $(GO) build -buildvcs=false $(if $(filter-out 0,$(ACCESSIBILITY)),-tags accessibility)
# The garbage collector overwrites what nobody refers to any more: a program that was
# locked does not remember what was typed and read.
WIPE   = -ldflags "-X runtime.godebugDefault=clobberfree=1"
# Some packages start dozens of programs: a slow machine takes more than the ten
# minutes that go gives to each.
TEST   = $(GO) test -timeout 30m
RACE   = $(TEST) -race
STATIC = build/tools/staticcheck
VULN   = build/tools/govulncheck

.DEFAULT_GOAL := help
.PHONY: help run test deps go-version build check vet fmt staticcheck vulncheck \
	unit integration test-windows fuzz soak-otr soak-xmpp vectors cover-otr ct bench bench-otr bench-storage bench-xmpp bench-gui crash-storage wording screenshots clean

help: ## list these targets
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)$$/\1|\2/p' Makefile | while IFS='|' read -r t d; do printf '  %-13s %s\n' "$$t" "$$d"; done

run: go-version ## install what is missing, build, and open Culver (ARGS="..." are passed on)
	@scripts/deps.sh run
	@$(MAKE) --no-print-directory build
	@scripts/run.sh $(ARGS)

test: deps build check unit integration ## all checks and tests; what CI runs
	@echo "All checks and tests passed."

deps: ## install the system packages to build, run and test Culver
	@scripts/deps.sh test

go-version:
	@scripts/check-go.sh

build: go-version ## compile Culver to build/culver (the first time takes some minutes; ACCESSIBILITY=1 for screen readers)
	@mkdir -p build
	$(BUILD) $(WIPE) -o build/culver .

check: vet fmt staticcheck vulncheck ## vet, gofmt, staticcheck, and govulncheck where its database can be reached

vet: go-version
	$(GO) vet ./...
	$(GO) vet -tags e2e ./internal/...
	$(GO) vet -tags ct ./otrplugin/otr/...

fmt: go-version
	@bad=$$($(GOFMT) -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); \
	if [ -n "$$bad" ]; then echo "gofmt would change:"; echo "$$bad"; exit 1; fi; echo "gofmt: clean"

staticcheck: $(STATIC)
	$(STATIC) ./...
	$(STATIC) -tags e2e ./internal/...
	$(STATIC) -tags ct ./otrplugin/otr/...

vulncheck: $(VULN)
	@scripts/vulncheck.sh

$(STATIC) $(VULN): tools/go.mod tools/go.sum | go-version
	@mkdir -p build/tools
	cd tools && $(GO) build -o ../build/tools/ honnef.co/go/tools/cmd/staticcheck golang.org/x/vuln/cmd/govulncheck
	@touch $(STATIC) $(VULN)

unit: go-version ## tests that start no other program, with the race detector but for the real window
	$(RACE) $$(scripts/packages.sh unit)
	$(TEST) $$(scripts/packages.sh window)

integration: build ## tests against real Prosody, ejabberd, libotr, Secret Service and X, which they start themselves
	@list=$$(scripts/packages.sh integration); \
	if [ -n "$$list" ]; then echo "$(RACE) ($$list)"; $(RACE) $$list; fi
	CULVER=$(CURDIR)/build/culver $(TEST) -count=1 -parallel 4 -tags e2e ./internal/e2e/...

test-windows: go-version ## run what touches files and locks as Windows programs, under Wine (not a part of make test)
	@scripts/deps.sh windows
	$(GO) vet -tags wine $$(scripts/packages.sh windows)
	$(TEST) -count=1 -tags wine -run Windows $$(scripts/packages.sh windows)

fuzz: go-version ## run each fuzzer for 30 seconds (FUZZTIME=5m for longer)
	@scripts/fuzz.sh $(FUZZTIME)

soak-otr: deps go-version ## let the OTR engine and libotr talk over a hostile wire for 10 minutes (SOAK=1m; SEED=... plays one again)
	$(GO) run -buildvcs=false ./internal/otrsoak $(if $(SEED),-seed $(SEED),-for $(SOAK))

soak-xmpp: deps go-version ## let two Culvers talk on Prosody while connections are cut 500 times: 8 minutes (SERVER=ejabberd; CUTS=50 LINES=2000 for a quick look; SEED=...)
	$(GO) run -buildvcs=false ./internal/xmppsoak $(if $(SERVER),-server $(SERVER)) $(if $(CUTS),-cuts $(CUTS)) $(if $(LINES),-lines $(LINES)) $(if $(SEED),-seed $(SEED))

cover-otr: go-version ## how many of the OTR engine's statements its tests reach
	@scripts/cover-otr.sh

ct: go-version ## look for secrets of the OTR engine that show in the time things take (some minutes; PUREGO=1 without assembly)
	@scripts/ct.sh $(if $(filter-out 0,$(PUREGO)),purego)

bench-otr: deps go-version ## compare the OTR engine's speed with libotr's (PUREGO=1 without assembly, ROUNDS=3 for a quick look)
	$(GO) run -buildvcs=false ./internal/otrbench -rounds $(ROUNDS) $(if $(filter-out 0,$(PUREGO)),-purego)

bench-storage: go-version ## measure the database with a million lines in it, encrypted and not: a quarter of an hour (LINES=100000 for a quick look)
	$(GO) run -buildvcs=false ./internal/storagebench $(if $(LINES),-lines $(LINES))

bench-xmpp: deps build ## compare Culver with Profanity on a Prosody: log-in with 5,000 buddies, messages, memory (ROUNDS=1 for a quick look)
	$(GO) run -buildvcs=false ./internal/xmppbench -culver build/culver -rounds $(if $(filter-out undefined default file,$(origin ROUNDS)),$(ROUNDS),3)

bench-gui: deps build ## measure the lists and the windows, beside Pidgin and Dino if that is installed: start, memory, at rest (ROUNDS=1 for a quick look)
	$(GO) test -run '^$$' -bench 'Transcript|BuddyList' -benchmem ./gui
	$(GO) test -run '^$$' -bench . -benchmem ./buddylist
	$(GO) run -buildvcs=false ./internal/guibench -culver build/culver -rounds $(if $(filter-out undefined default file,$(origin ROUNDS)),$(ROUNDS),7)

bench: go-version ## benchmarks of the OTR engine, then bench-otr, bench-storage, bench-xmpp and bench-gui
	$(GO) test -run '^$$' -bench . -benchmem $(if $(filter-out 0,$(PUREGO)),-tags purego) ./otrplugin/otr/...
	@$(MAKE) --no-print-directory bench-otr
	@$(MAKE) --no-print-directory bench-storage
	@$(MAKE) --no-print-directory bench-xmpp
	@$(MAKE) --no-print-directory bench-gui

crash-storage: go-version ## kill Culver at 500 random moments and look whether anything is lost (ROUNDS=20 for a quick look)
	$(GO) run -buildvcs=false ./internal/crash -rounds $(if $(filter-out undefined default file,$(origin ROUNDS)),$(ROUNDS),500)

vectors: deps ## record the conversations with libotr anew that the OTR engine's tests replay
	@cd internal/otrpipe && $(GO) test -count=1 -run '^TestTranscripts$$' -args -record

wording: go-version ## bring the catalogues of all languages in step with the code, and tell what is to be translated
	$(GO) run -buildvcs=false ./internal/wording

screenshots: deps build ## take pictures of every window, light and dark, small and large, in English and German: out/screenshots/index.html (SCENE=talk for a part, LANGUAGES=en, THEMES=dark, SCALES=2)
	$(GO) run -buildvcs=false ./internal/screenshots -culver build/culver -out $(OUT)/screenshots $(if $(SCENE),-scene $(SCENE)) $(if $(LANGUAGES),-languages $(LANGUAGES)) $(if $(THEMES),-themes $(THEMES)) $(if $(SCALES),-scales $(SCALES))

clean: ## remove what make made
	rm -rf build out
