// Runs jsii's kernel in the process of its entry point. On its own the entry point starts Node a second time, and copies
// every message to it and back, to keep apart from the messages what libraries print; here that is framed as it does it.
// A library must not give its own standard input and output to a program that it starts: those carry the messages.
'use strict';

const childProcess = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { Readable, Writable } = require('node:stream');

const ENTRY_POINT = /[\\/]bin[\\/]jsii-runtime\.js$/;
const KERNEL = path.join('lib', 'program.js');
const MESSAGES_FROM_ENTRY_POINT = 'readFD:3,writeFD:3';
const MESSAGES_FROM_PYTHON = 'readFD:0,writeFD:1';

// Not on Windows, where the end of a pipe looks different, nor for whoever debugs jsii and wants to see all of it.
const POSSIBLE = process.platform !== 'win32' && !process.env.JSII_DEBUG;

exports.isEntryPoint = (filename) => POSSIBLE && ENTRY_POINT.test(filename);

// Run the entry point up to where it starts the kernel, and then the kernel; if that is not as known, the entry point alone.
exports.run = (runEntryPoint, runKernel) => {
  const kernel = kernelStartedBy(runEntryPoint);
  if (kernel === undefined) return;
  // Python gives the option to this process already; by this the kernel knows that it may link packages into place.
  process.execArgv.push('--preserve-symlinks');
  frameOutput();
  runKernel(kernel.source, kernel.filename);
};

function kernelStartedBy(runEntryPoint) {
  const kernelStarts = new Error('the entry point starts the kernel');
  const spawn = childProcess.spawn;
  let kernel;
  childProcess.spawn = (command, args, options) => {
    const filename = Array.isArray(args) ? String(args.at(-1)) : '';
    const source = filename.endsWith(KERNEL) ? fs.readFileSync(filename, 'utf8') : '';
    if (!source.includes(MESSAGES_FROM_ENTRY_POINT) || !args.includes('--preserve-symlinks')) {
      return spawn(command, args, options);
    }
    kernel = { filename, source: source.replace(MESSAGES_FROM_ENTRY_POINT, MESSAGES_FROM_PYTHON) };
    throw kernelStarts;
  };
  try {
    runEntryPoint();
  } catch (error) {
    if (error !== kernelStarts) throw error;
  } finally {
    childProcess.spawn = spawn;
  }
  return kernel;
}

// Python expects what is printed on standard error, as base64 in JSON. The stream of errors is the console's already, for
// the entry point may have warned of the version of Node.
function frameOutput() {
  const framed = (name) => {
    const write = (chunk, _encoding, done) => {
      writeError(`${JSON.stringify({ [name]: chunk.toString('base64') })}\n`);
      done();
    };
    return new Writable({ write });
  };
  const errors = framed('stderr');
  process.stderr.write = errors.write.bind(errors);
  Object.defineProperty(process, 'stdout', { value: framed('stdout') });
  Object.defineProperty(process, 'stdin', { value: Readable.from([]) });
  process.setUncaughtExceptionCaptureCallback((error) => {
    console.error(error);
    process.exit(1);
  });
}

// At once and whole: between two messages the kernel leaves a stream no time, and none when it exits.
function writeError(text) {
  const slept = new Int32Array(new SharedArrayBuffer(4));
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(fs.writeSync(2, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(slept, 0, 0, 1);
    }
  }
}
