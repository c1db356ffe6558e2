import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { expect, onTestFinished, test } from 'vitest';
import { hunt } from '../../src/index.js';
import { terminal } from '../../src/reports/terminal/terminal.js';
import { freePort } from '../support/servers.js';

const file = '書類サーバー🫠.mjs';
const server = `
import { createServer } from 'node:http';

const 保存済み = [];
const 書類を保存する = length => 保存済み.push(Array.from({ length }, (_, i) => ({ i })));
const アップロードを受け取る = (request, response) => {
  request.resume().on('end', () => {
    書類を保存する(400);
    response.end('保存しました🫠');
  });
};

createServer(アップロードを受け取る).listen(Number(process.env.PORT), '127.0.0.1');
`;

test('a server whose files and functions have wide names is reported in columns that stand below one another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-wide-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, file), server);
  await writeFile(join(folder, 'main.mjs'), `import './${file}';`);
  const [port, inspector] = [await freePort(), await freePort()];
  const record = await hunt({
    url: `http://127.0.0.1:${port}/upload`,
    start: {
      command: `"${process.execPath}" --inspect=127.0.0.1:${inspector} main.mjs`,
      cwd: folder,
      env: { PORT: String(port) },
    },
    probes: [`inspector=127.0.0.1:${inspector}`],
    fixture: { kind: 'text', size: 1000, seed: 1 },
    uploadsPerRound: 20,
    warmUpRounds: 1,
    drain: '0.1',
    minUploads: 0,
    settle: 0.01,
    snapshots: false,
  });
  for (const width of [80, 120]) {
    const report = terminal(record, { width, unicode: true, colour: new Chalk({ level: 0 }) });
    const lines = report.split('\n');
    expect(lines.filter(line => stringWidth(line) > Math.min(width, 110))).toEqual([]);
    expect(report).toContain(`(${file}:5)`);
    const [stack] = report.split('stack of ').slice(1);
    const places = stack!
      .split('\n')
      .slice(1)
      .filter(line => /\.mjs:\d+$/.test(line));
    const columns = places.map(line => stringWidth(/^ {2}.*\S {2,}(?=\S+$)/.exec(line)![0]));
    expect(columns.length).toBeGreaterThan(1);
    expect(new Set(columns).size).toBe(1);
  }
});
