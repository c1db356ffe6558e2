#!/usr/bin/env node
// Every user of a machine may read a command line. On Linux a title takes its place, secrets and all.
process.title = 'leakhunt';

// Node ends with 1 where an import fails, and 1 means a leak: nothing is imported before this is looked after.
const { run } = await import('../dist/cli.js').catch(error => {
  const why = String(error.message).split('\n')[0];
  const next = /EMFILE|ENFILE/.test(why) ? 'raise the limit of open files (ulimit -n).' : 'install it again.';
  process.stderr.on('error', () => {}).write(`leakhunt: leakhunt cannot be loaded (${why}): ${next}\n`);
  process.exit(70);
});

await run(process);

// A target that hangs may still hold a connection open: nobody waits for it any more.
setTimeout(() => process.exit(), 500).unref();
