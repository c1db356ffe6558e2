#!/usr/bin/env node
import { run } from '../dist/cli.js';

await run(process);

// A target that hangs may still hold a connection open: nobody waits for it any more.
setTimeout(() => process.exit(), 500).unref();
