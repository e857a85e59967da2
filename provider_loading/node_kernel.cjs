// Preloaded into jsii's kernel: it runs in one process, provider libraries load their folders on first use and without source
// maps, tokens keep no stack of the kernel, and indexes are finished.
'use strict';

const Module = require('node:module');
const workerThreads = require('node:worker_threads');

const singleProcess = require('./single_process.cjs');

// What follows needs it. The program that started the kernel tells why it is gone.
if (Number.parseInt(process.versions.node, 10) < 20) process.exit(1);

// jsii's banner about the end of life of this version alone: eleven lines, which cdktf would print in red.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION ??= '20';

const PROVIDER_INDEX = /[\\/]node_modules[\\/]@cdktf[\\/]provider-[\w-]+[\\/]lib[\\/]index\.js$/;
const EAGER_REQUIRE = /^exports\.(\w+) = (require\((["'])\.\/[\w-]+\3\));$/gm;
const LAZY_REQUIRE = 'Object.defineProperty(exports, "$1", { configurable: true, enumerable: true, get: () => $2 });';

// Two dozen modules that cdktf needs where it zips a folder, and loads at the start.
const LIBRARY_FILES = /[\\/]node_modules[\\/]cdktf[\\/]lib[\\/]private[\\/]fs\.js$/;
const EAGER_ARCHIVER = 'const archiver = require("archiver");';
const LAZY_ARCHIVER = 'const archiver = (...options) => require("archiver")(...options);';

// Two thirds of a generated file, which Node would read through and keep for a debugger.
const SOURCE_MAP = /\n\/\/# sourceMappingURL=data:\S*\s*$/;

const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  if (singleProcess.isEntryPoint(filename)) {
    const run = (source, path) => compile.call(this, source, path, ...rest);
    return singleProcess.run(() => run(content, filename), run);
  }
  const code = content.replace(SOURCE_MAP, '');
  return compile.call(this, deferred(code, filename), filename, ...rest);
};

function deferred(code, filename) {
  if (PROVIDER_INDEX.test(filename)) return code.replace(EAGER_REQUIRE, LAZY_REQUIRE);
  return LIBRARY_FILES.test(filename) ? code.replace(EAGER_ARCHIVER, LAZY_ARCHIVER) : code;
}

// cdktf keeps with each token the unlimited stack of its creation, to append it to error messages. No setting turns that
// off, and it is up to a quarter of the time of a resource. Its function asks for the frames below itself, and copes with
// none. Here they would all lie in the kernel: it is Python's own traceback that shows the line of the program.
const capture = Error.captureStackTrace;
Error.captureStackTrace = function captureUnlessOfToken(object, below = captureUnlessOfToken) {
  if (Error.stackTraceLimit < Number.MAX_SAFE_INTEGER || below.name !== 'captureStackTrace') capture(object, below);
};

// The kernel indexes the types of a package that it meets for the first time, in a worker that dies when the kernel
// exits. An eager run outlives its workers; a lazy one would start them anew in every run. They need about a second
// more, once; jsii waits for five before it ends the kernel.
if (workerThreads.isMainThread) {
  const running = new Set();
  workerThreads.Worker = class extends workerThreads.Worker {
    constructor(...args) {
      super(...args);
      const ended = new Promise((resolve) => this.once('exit', resolve)).then(() => running.delete(ended));
      running.add(ended);
    }
  };

  const exit = process.exit.bind(process);
  process.exit = (code) => {
    if (running.size === 0) exit(code);
    Promise.all(running).then(() => exit(code));
  };
}
