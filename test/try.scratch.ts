import { Chalk } from '/work/main/node_modules/chalk/source/index.js';
import { hunt } from '/work/main/src/hunt/hunt.js';
import { terminal } from '/work/main/src/reports/terminal.js';
import { buildGoTarget, startGoTarget } from '/work/main/test/support/go.js';
const [folder, leak, env, opts] = process.argv.slice(2);
const t = await startGoTarget(await buildGoTarget(folder as any), ['-leak', leak!], JSON.parse(env ?? '{}'));
try {
  const r = await hunt({ url: t.url, fixture: { kind: 'text', size: 100_000, seed: 1 }, ...JSON.parse(opts ?? '{}') });
  console.log(terminal(r, { width: Number(process.env.W ?? 100), unicode: true, colour: new Chalk({ level: 0 }) }));
  console.log(JSON.stringify({c: r.culprits.map(c=>({...c, stack: c.stack.length})), e: r.explained, w: r.warnings}, null, 1).slice(0, 3000));
} finally { await t.stop(); }
