import { beforeAll, expect, test } from 'vitest';
import type { HuntOptions } from '../../src/index.js';
import { buildJavaTarget, startJavaTarget } from '../support/java.js';
import { describeWith } from '../support/toolchain.js';
import {
  culprit,
  expectFlat,
  expectFlatOrUndecided,
  expectOnePerUpload,
  expectUploadsKept,
  forCounts,
  huntTarget,
  resource,
} from './hunting.js';

/** A look by jcmd takes half a second, so each reading looks once. */
const huntJava = (leak: string, options: Partial<HuntOptions> = {}) =>
  huntTarget(startJavaTarget(leak), { uploadsPerRound: 200, maxRounds: 12, settle: 0.01, ...options });

describeWith('java', 'a Spring Boot server with actuator', () => {
  beforeAll(() => buildJavaTarget());

  test('does not leak when it keeps nothing, and its open files are flat', async () => {
    const record = await huntJava('none');
    expectFlatOrUndecided(record);
    expectFlat(record, 'open-files');
  });

  test('leaks heap as large as the uploads when it keeps their bodies', async () => {
    const record = await huntJava('body');
    expectUploadsKept(record, 'heap', 0.2);
    // Spring copies the body for whoever asks: the line of one's own is where it is asked for.
    const { site, retainedBy } = culprit(record, 'heap');
    expect(site).toMatchObject({ file: 'example/upload/UploadController.java', line: 21 });
    expect(retainedBy?.[0]).toBe('static Leak.kept');
  });

  test('leaks direct buffers as large as the uploads, and heap that is flat or undecided, when it keeps them outside the heap', async () => {
    const record = await huntJava('directbuffer');
    expectUploadsKept(record, 'direct-buffers', 0.05);
    // Its garbage may keep it from being decided within these rounds.
    expect(['flat', 'inconclusive']).toContain(resource(record, 'heap').verdict);
  });

  test('leaks native memory as large as the uploads, not heap, when native code keeps it', async () => {
    // What lies beside a heap must grow in the later half by itself as well.
    const record = await huntJava('unmanaged', { maxRounds: 48, thorough: false });
    expectUploadsKept(record, 'anon', 0.2);
    expect(resource(record, 'anon').reason).toBe('native');
    expect(resource(record, 'heap').verdict).toBe('flat');
  });

  test('leaks exactly one thread per upload when it leaves one waiting', async () => {
    const record = await huntJava('thread', forCounts);
    expectOnePerUpload(record, 'threads');
    expect(culprit(record, 'threads').site).toMatchObject({ file: 'example/upload/Leak.java', line: 51 });
  });
});
