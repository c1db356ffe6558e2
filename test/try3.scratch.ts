import { Chalk } from 'chalk';
import { terminal } from '../src/reports/terminal.js';
import { hunt } from '../src/hunt/hunt.js';
import { startNodeTarget } from './support/node-targets.js';
const [folder, leak, opts] = process.argv.slice(2);
const t = await startNodeTarget(folder as any, { leak, inspect: true });
try {
  const r = await hunt({ url: t.url, fixture: { kind: 'random', size: 50_000, seed: 1 }, ...JSON.parse(opts ?? '{}') });
  console.log(terminal(r, { width: Number(process.env.W ?? 100), unicode: true, colour: new Chalk({ level: 0 }) }));
  if (process.env.J) console.log(JSON.stringify({c: r.culprits, e: r.explained, w: r.warnings, r: r.rounds.at(-1)}, null, 1).slice(0, 6000));
} finally { await t.stop(); }
