import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type Hunt, hunt } from '../../src/index.js';
import { parseEnvironment } from '../../src/target/processes/procfs.js';

import { startProcess } from '../support/process.js';
import { freePort, serve } from '../support/servers.js';
import { describeWith } from '../support/toolchain.js';
import { expectOnePerUpload } from '../targets/hunting.js';

/** An nginx that takes the bodies itself and keeps each in a file, or none. */
async function nginx(keep: 'on' | 'off') {
  const folder = await mkdtemp(join(tmpdir(), 'leakhunt-test-'));
  const port = await freePort();
  const upstream = await serve((request, response) => request.resume().on('end', () => response.end('ok')));
  await mkdir(join(folder, 'body'));
  const temp = ['proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${folder}/${name};`);
  await writeFile(
    join(folder, 'nginx.conf'),
    `${userInfo().uid === 0 ? 'user root; ' : ''}daemon off; pid ${folder}/pid; error_log stderr; events {}
     http { access_log off; client_max_body_size 1g; ${temp.join(' ')} client_body_temp_path ${folder}/body;
       server { listen 127.0.0.1:${port}; location / {
         client_body_in_file_only ${keep}; client_body_buffer_size 1m; proxy_pass ${upstream}; } } }`,
  );
  const shell = `nginx -c ${folder}/nginx.conf & until test -s ${folder}/pid; do sleep 0.05; done; echo ready; wait`;
  const server = await startProcess('sh', ['-c', shell], { ready: /^ready$/ });
  onTestFinished(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await answering(`http://127.0.0.1:${port}/`);
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  return { url: `http://127.0.0.1:${port}/upload`, pid, body: join(folder, 'body') };
}

/** Its sockets are open before it writes its pid, and its workers come after. */
async function answering(url: string): Promise<void> {
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(20);
}

/** By its pid: an nginx that hands on is judged only where it is asked for by name. */
function huntNginx({ url, pid }: { url: string; pid: number }): Promise<Hunt> {
  return hunt({
    url,
    probes: [`pid=${pid}`],
    fixture: { kind: 'random', size: 300_000, seed: 1 },
    uploadsPerRound: 50,
    maxRounds: 8,
  });
}

describeWith('nginx', 'nginx, which writes its title over its environment', () => {
  test('is hunted in the folder that it is seen to write to', async () => {
    const target = await nginx('on');
    expect(parseEnvironment(await readFile(`/proc/${target.pid}/environ`, 'utf8'))).toBeUndefined();
    const record = await huntNginx(target);
    expectOnePerUpload(record, 'temp-files');
    expect(record.warnings.join('\n')).toContain(`in ${target.body}.`);
    expect((await readdir(target.body)).length).toBe(record.load.completed);
  });

  test('has no temp files that are called flat where it was not seen to write any', async () => {
    const record = await huntNginx(await nginx('off'));
    expect(record.resources.map(({ name }) => name)).toContain('open-files');
    expect(record.resources.map(({ name }) => name)).not.toContain('temp-files');
  });
});
