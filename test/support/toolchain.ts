import { spawnSync } from 'node:child_process';
import { describe, test } from 'vitest';
import { browserProgram } from './browser-program.js';

const rule = 'iptables -A INPUT -p tcp';

/** Programs that targets are built and run with, and the commands that show that each is there. */
const toolchains = {
  go: { title: 'Go', commands: [['go', 'version']] },
  java: {
    title: 'a JDK and Maven',
    commands: [
      ['javac', '-version'],
      ['mvn', '--version'],
    ],
  },
  kafka: {
    title: 'Go 1.23, a JDK and Maven',
    commands: [
      // A package that came with Go 1.23.
      ['go', 'list', 'iter'],
      ['javac', '-version'],
      ['mvn', '--version'],
    ],
  },
  c: { title: 'a C compiler', commands: [['cc', '--version']] },
  python: { title: 'Python 3 with venv', commands: [['python3', '-c', versionWithVenv()]] },
  curl: { title: 'curl 7.82 or newer', commands: [['curl', '--version']] },
  openssl: {
    title: 'curl and openssl',
    commands: [
      ['curl', '--version'],
      ['openssl', 'version'],
    ],
  },
  git: { title: 'git', commands: [['git', '--version']] },
  bash: { title: 'bash', commands: [['bash', '--version']] },
  zsh: { title: 'zsh', commands: [['zsh', '--version']] },
  fish: { title: 'fish', commands: [['fish', '--version']] },
  prometheus: { title: 'Prometheus', commands: [['prometheus', '--version']] },
  nginx: { title: 'nginx', commands: [['nginx', '-v']] },
  haproxy: { title: 'HAProxy', commands: [['haproxy', '-v']] },
  caddy: { title: 'Caddy', commands: [['caddy', 'version']] },
  socat: { title: 'socat', commands: [['socat', '-V']] },
  ssh: {
    title: 'an SSH client and server',
    commands: [
      ['ssh', '-V'],
      ['test', '-x', '/usr/sbin/sshd'],
    ],
  },
  namespaces: {
    title: 'root and iproute2, to have a machine of its own beside this one',
    commands: [
      ['ip', '-Version'],
      ['unshare', '--net', 'true'],
    ],
  },
  mounts: {
    title: 'root, to mount a disk of its own',
    commands: [['unshare', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']],
  },
  packetFilter: {
    title: 'root, iproute2 and iptables with its modules statistic and REJECT, to break a network of its own',
    commands: [
      ['unshare', '--net', 'sh', '-c', `${rule} -m statistic --mode random --probability 0.05 -j DROP`],
      ['unshare', '--net', 'sh', '-c', `${rule} -j REJECT --reject-with tcp-reset`],
    ],
  },
  netem: {
    title: "root, iproute2 and the kernel's sch_netem, to delay a network of its own",
    commands: [['unshare', '--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms']],
  },
  docker: {
    title: 'a Docker Engine, iproute2, curl and socat, as root',
    commands: [
      ['/usr/bin/docker', '--version'],
      ['/usr/sbin/dockerd', '--version'],
      ...forLabs(),
      ['socat', '-V'],
    ],
  },
  podman: {
    title: 'podman, runc, iproute2 and curl, as root',
    commands: [['/usr/bin/podman', '--version'], ['/usr/sbin/runc', '--version'], ...forLabs()],
  },
  browser: { title: 'Chromium', commands: [[browserProgram(), '--version']] },
};

export type Toolchain = keyof typeof toolchains;

/**
 * A `describe` for tests that need a toolchain. Without it they are skipped, or fail when the environment
 * variable LEAKHUNT_REQUIRE (a list with commas: `go,java`) says that this machine must have it.
 */
export function describeWith(toolchain: Toolchain, name: string, suite: () => void): void {
  const { title } = toolchains[toolchain];
  if (versionOf(toolchain) !== undefined) {
    describe(name, suite);
  } else if (required().includes(toolchain)) {
    describe(name, () => {
      test(`has ${title}`, () => {
        throw new Error(`LEAKHUNT_REQUIRE asks for ${toolchain}: install ${title}.`);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${title} is not installed)`, suite);
  }
}

const versions = new Map<Toolchain, string | undefined>();

/** The toolchain's version output; undefined if it is not installed. */
export function versionOf(toolchain: Toolchain): string | undefined {
  if (!versions.has(toolchain)) versions.set(toolchain, askVersion(toolchain));
  return versions.get(toolchain);
}

function askVersion(toolchain: Toolchain): string | undefined {
  const answers = toolchains[toolchain].commands.map(([command, ...args]) =>
    spawnSync(command!, args, { encoding: 'utf8' }),
  );
  if (answers.some(({ status }) => status !== 0)) return undefined;
  return answers.map(({ stdout, stderr }) => stdout + stderr).join('');
}

/** The commands that show that network namespaces can be made and used. */
function forLabs(): string[][] {
  return [
    ['unshare', '--net', 'true'],
    ['ip', '-V'],
    ['curl', '--version'],
    ['go', 'version'],
  ];
}

/** Debian's Python comes without the packages that `python3 -m venv` needs. */
function versionWithVenv(): string {
  return 'import ensurepip, sys, venv; print(sys.version, sys.executable)';
}

function required(): string[] {
  return (process.env.LEAKHUNT_REQUIRE ?? '').split(',').map(name => name.trim());
}
