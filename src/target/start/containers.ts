import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { commandLineOf } from '../procfs.js';

/** What an engine runs in the place of a container to serve its published ports. */
const publishers = /^(docker-proxy|rootlessport|rootlesskit|slirp4netns|pasta|conmon)/;

export interface Contained {
  /** What stops the container, where that can be told. */
  stop?: string;
}

/** Whether a process is that of a container, or serves the ports of one. */
export async function containerOf(pid: number, port: number): Promise<Contained | undefined> {
  const [program = ''] = await commandLineOf(pid).catch(() => []);
  if (basename(program).startsWith('docker-proxy')) {
    return { stop: `docker stop $(docker ps -q --filter publish=${port})` };
  }
  if (publishers.test(basename(program))) return {};
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  // `/docker/<id>`, `/system.slice/docker-<id>.scope`, `.../libpod-<id>.scope`: cgroupfs and systemd name them so.
  const [, engine, id] = /\b(docker|libpod)[-/]([0-9a-f]{64})/.exec(groups) ?? [];
  if (id !== undefined)
    return { stop: `${engine === 'libpod' ? 'podman' : 'docker'} stop ${id.slice(0, 12)}` };
  return /\b(kubepods|cri-containerd|crio|lxc)\b/.test(groups) ? {} : undefined;
}
