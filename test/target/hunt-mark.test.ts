import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { markHunt } from '../../src/target/processes/hunt-mark.js';

const url = new URL('http://localhost:8000/upload');

describe.runIf(process.platform === 'linux')(
  'a mark (a socket in the abstract namespace: Linux only)',
  () => {
    test('of one hunt alone finds nobody', async () => {
      await using mark = await markHunt({ url, pid: process.pid });
      expect(await mark.others()).toEqual([]);
    });

    test('is seen by the later hunt, and the earlier one is told even after that has ended', async () => {
      await using first = await markHunt({ url, pid: process.pid });
      {
        await using second = await markHunt({ url: new URL('http://other.test/'), pid: process.pid });
        expect(await second.others()).toEqual([process.pid]);
      }
      await expect.poll(() => first.others()).toEqual([process.pid]);
    });

    test('of a target that is not in sight goes by its origin', async () => {
      await using _ = await markHunt({ url });
      await using same = await markHunt({ url: new URL('/other', url) });
      await using another = await markHunt({ url: new URL('http://localhost:8001/upload') });
      expect(await same.others()).toEqual([process.pid]);
      expect(await another.others()).toEqual([]);
    });

    test('goes with its hunt also where somebody connected to it and stays', async () => {
      const mark = await markHunt({ url: new URL('http://stays.test/') });
      const table = readFileSync('/proc/net/unix', 'utf8');
      const names = [...table.matchAll(/ @(leakhunt-[\da-f]{16}-\d+-\d+)@*$/gm)].map(([, name]) => name!);
      const own = names.filter(name => name.includes(`-${process.pid}-`));
      const visitors = own.map(name => connect(`\0${name}`).on('error', () => {}));
      await Promise.all(visitors.map(visitor => once(visitor, 'connect')));
      await mark[Symbol.asyncDispose]();
      for (const visitor of visitors) visitor.destroy();
    });

    test('goes with its hunt', async () => {
      await (await markHunt({ url }))[Symbol.asyncDispose]();
      await using later = await markHunt({ url });
      expect(await later.others()).toEqual([]);
    });
  },
);
