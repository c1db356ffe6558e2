#!/usr/bin/env node
// Every user of a machine may read a command line. On Linux a title takes its place, secrets and all.
process.title = 'leakhunt';

const { run } = await import('../dist/cli.js');

await run(process);

// A target that hangs may still hold a connection open: nobody waits for it any more.
setTimeout(() => process.exit(), 500).unref();
