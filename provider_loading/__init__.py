"""Loads only what a program uses of CDKTF's prebuilt provider packages. Import it before `cdktf`.

**Why.** A provider's Python package imports all of its modules, and its JavaScript library requires all of its folders:
1,711 modules and 249 MB of JavaScript for azurerm, azuread and kubernetes, of which a program uses a few dozen. That is
nine tenths of the time and four fifths of the memory of a synth
(https://github.com/hashicorp/terraform-cdk/issues/3753). jsii has mended its generator since
(https://github.com/aws/jsii/pull/5110, https://github.com/aws/jsii/pull/5177), but these packages were generated
before, and are archived. This package gives them at import what a newer generator would write into them.

**What it does.** Importing it puts one finder in front of Python's own; Node starts no earlier than without it. Then

- a provider's package leaves out its closing `from . import ...` lines; each such module is imported when it is used
  (`generated_modules`);
- a generated module evaluates the annotations of those functions alone that are called; its byte code for that lies
  beside Python's own, in a file with `opt-postponed` in its name; nor does it look up again the version of typeguard,
  which each of them asks for (`generated_modules`);
- a generated module remembers the type hints against which it checks the arguments of a function, and other types that
  it names, and does not build them again at every call; nor does it check `None`, a number or a string twice against
  the same type, once it passed (`generated_modules`);
- jsii's kernel, the Node process in which CDKTF itself runs, starts with a preloaded script. It turns the lines
  `exports.x = require("./x");` of a provider's `lib/index.js` into getters, leaves out inline source maps, spares
  tokens the stack trace of their creation, and lets the kernel finish the index of a package that it met for the
  first time (`node_kernel`), and lets cdktf load what zips folders when it zips one. It also runs the kernel in the
  process that Python starts, and not in a second one that is given every message by the first (`single_process.cjs`);
- the kernel starts, and loads the packages, while Python goes on importing: a thread awaits what it answers to that
  (`early_kernel`);
- the garbage collector runs seldom, and at exit has nothing to walk.

**Why it is safe.**

- Nothing on disk is changed: no generated file, nothing of jsii. Where byte code cannot be kept, or must not
  (`PYTHONDONTWRITEBYTECODE`), Python's own serves.
- A module or folder that is asked for is loaded whole, by the standard loader. None of them refers to another: they
  share `_jsii` and `cdktf` only, so that the order in which they load means nothing.
- A package that cannot be loaded, and a Node that cannot start, end the program as without it, at the first request
  to the kernel that follows.
- An argument of a wrong type is refused as without it. So stay all error messages, but for the frames of the kernel
  that cdktf appends to some.
- Only the layout that the generator writes is recognised, to the letter, and a kernel that is started as jsii does it.
  Anything else is loaded as it stands: slower, never wrong.
- The same program with and without it writes the same bytes: a test of the whole product says so at every upgrade.

**Off switch.** `PROVIDER_LOADING=eager` leaves everything as CDKTF comes; `lazy`, or nothing, is what is described
here. What it brings is in docs/performance.md.
"""

import atexit
import gc
import os
import sys

from provider_loading.generated_modules import GeneratedModuleFinder

VARIABLE = "PROVIDER_LOADING"
INVALID_SETTING = 2


def _install() -> None:
    chosen = os.environ.get(VARIABLE) or "lazy"
    if chosen not in ("lazy", "eager"):
        print(f"{VARIABLE}: {chosen!r} is no way to load providers: give lazy, the default, or eager", file=sys.stderr)
        sys.exit(INVALID_SETTING)
    if chosen == "lazy":
        sys.meta_path.insert(0, GeneratedModuleFinder())
        # jsii keeps all that it made, and generated classes stay: there is next to no garbage to find, but a million
        # references to follow. At exit the system takes the memory back anyway.
        gc.set_threshold(100_000)
        atexit.register(gc.freeze)


_install()
