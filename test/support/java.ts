import { join } from 'node:path';
import { prepare, run, startTarget, type Target } from './target.js';
import { versionOf } from './toolchain.js';

/** Packages the target once per content and JDK; resolves to the jar's path. */
export async function buildJavaTarget(): Promise<string> {
  const home = await prepare('java-upload', versionOf('java')!, home =>
    run('mvn', ['--quiet', '--batch-mode', '-Dstyle.color=never', 'package'], home),
  );
  return join(home, 'target/upload.jar');
}

export async function startJavaTarget(leak = 'none'): Promise<Target> {
  const jar = await buildJavaTarget();
  return startTarget('java', tmp => [`-Djava.io.tmpdir=${tmp}`, '-jar', jar, `--leak=${leak}`], {
    timeout: 60_000,
  });
}
