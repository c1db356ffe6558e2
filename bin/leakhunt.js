#!/usr/bin/env node
import module from 'node:module';

// Every user of a machine may read a command line. On Linux a title takes its place, secrets and all.
process.title = 'leakhunt';

// Node 22.1 and newer keep what they compiled. In the home folder: what lies in /tmp anybody may have put there.
const { HOME, XDG_CACHE_HOME: cache = HOME && `${HOME}/.cache` } = process.env;
if (cache) module.enableCompileCache?.(`${cache}/leakhunt`);

// A stack trace names the sources where their maps are on before they are loaded, which costs each start some time.
if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);

// Node ends with 1 where an import fails, and 1 means a leak: nothing is imported before this is looked after.
const { run } = await import('../dist/cli.js').catch(error => {
  const why = String(error.message).split('\n')[0];
  const next = /EMFILE|ENFILE/.test(why) ? 'raise the limit on open files (ulimit -n).' : 'reinstall it.';
  process.stderr.on('error', () => {}).write(`leakhunt: leakhunt could not be loaded (${why}): ${next}\n`);
  process.exit(70);
});

await run(process);

// A target that hangs may still hold a connection open: nobody waits for it any more.
setTimeout(() => process.exit(), 500).unref();
