// Ends the process in one sentence on a version of Node that cdktf-cli 0.21 does not run on: for 24 there is no prebuilt
// node-pty. Preloaded into cdktf, and run by `make setup`.
'use strict';

const major = Number.parseInt(process.versions.node, 10);
if (major < 20 || major >= 24) {
  console.error(`node: ${process.version} does not run cdktf-cli 0.21; install Node 22, or 20, and put it on the path`);
  process.exit(2);
}
