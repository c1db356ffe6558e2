import { readFile } from 'node:fs/promises';
import { messageOf } from '../../errors.js';
import { type Address, urlHost } from '../processes/sockets.js';
import { amount, at, type Container, inspect, nameOf } from './container.js';
import { ask, type Engine, engines } from './engine.js';

const mostNames = 10;

/** A container that cannot be found: one sentence, without a full stop. */
export class NoContainer extends Error {
  override name = 'NoContainer';
}

/** The running container with a name or an id. Rejects with `NoContainer`, which lists the existing names. */
export async function containerNamed(name: string, all: readonly Engine[] = engines()): Promise<Container> {
  const answers = await Promise.all(
    all.map(engine => inspect(engine, name).catch(error => new Error(messageOf(error)))),
  );
  const found = answers.flatMap(each => (each === undefined || each instanceof Error ? [] : each));
  const [first, second] = found.filter(({ running }) => running);
  if (first && second && first.id !== second.id) {
    throw new NoContainer(
      `two engines have a container named ${first.name}: use its id, ${first.id.slice(0, 12)} (${first.engine.address}) or ${second.id.slice(0, 12)} (${second.engine.address})`,
    );
  }
  if (first) return first;
  if (found[0]) {
    const why = found[0].outOfMemory ? ' (killed by the kernel: out of memory)' : '';
    throw new NoContainer(`container ${found[0].name} is not running${why}: start it`);
  }
  const silent = answers.filter(each => each instanceof Error);
  if (silent.length === all.length) {
    throw new NoContainer(
      `no container engine responds (${silent.map(messageOf).join('; ')}): start it, or set DOCKER_HOST`,
    );
  }
  const lists = await Promise.all(all.map(engine => listed(engine).catch(() => [])));
  const names = lists.flat().map(each => each.name);
  const there = names.length === 0 ? 'none runs' : `there are ${names.slice(0, mostNames).join(', ')}`;
  throw new NoContainer(`there is no container "${name}": ${there}`);
}

/** The container of a process of this machine; undefined if it is in none, or no engine answers for it. */
export async function containerAround(pid: number): Promise<Container | undefined> {
  const id = await idAround(pid);
  if (id === undefined) return undefined;
  const answers = await Promise.all(local().map(engine => inspect(engine, id).catch(() => undefined)));
  return answers.find(each => each !== undefined);
}

/**
 * The id of the container that a process is in: `/docker/<id>`, `docker-<id>.scope`, `libpod-<id>.scope`, as
 * cgroupfs and systemd name their cgroups.
 */
export async function idAround(pid: number): Promise<string | undefined> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return /\b(?:docker|libpod)[-/]([0-9a-f]{64})/.exec(groups)?.[1];
}

/**
 * The container that an engine of this machine publishes at a TCP port, of any address or of one; undefined
 * if there is none, or more than one.
 */
export async function containerPublishing({ host, port }: Partial<Address>): Promise<Container | undefined> {
  const lists = await Promise.all(local().map(engine => listed(engine).catch(() => [])));
  const isThere = (place: Address) =>
    place.port === port &&
    (host === undefined || [host, host.startsWith('[') ? '[::]' : '0.0.0.0'].includes(place.host));
  const there = lists.flat().filter(({ places }) => places.some(isThere));
  const [first] = there;
  if (!first || there.some(({ id }) => id !== first.id)) return undefined;
  return inspect(first.engine, first.id).catch(() => undefined);
}

function local(): Engine[] {
  return engines().filter(engine => engine.local);
}

interface Listed {
  engine: Engine;
  id: string;
  name: string;
  /** The addresses of the engine's machine at which TCP connections are accepted for it. */
  places: Address[];
}

/** The running containers. */
async function listed(engine: Engine): Promise<Listed[]> {
  const { status, body } = await ask(engine, '/containers/json');
  if (status !== 200 || !Array.isArray(body)) throw new Error(`${engine.address} answered ${status}`);
  return body.flatMap(each => {
    const [id, names, ports] = [at(each, 'Id'), at(each, 'Names'), at(each, 'Ports')];
    if (typeof id !== 'string') return [];
    const published = (Array.isArray(ports) ? ports : []).filter(port => at(port, 'Type') === 'tcp');
    return {
      engine,
      id,
      name: Array.isArray(names) && typeof names[0] === 'string' ? nameOf(names[0]) : id.slice(0, 12),
      places: published.flatMap(entry => {
        const [port, ip] = [amount(at(entry, 'PublicPort')), at(entry, 'IP')];
        // Podman leaves the address empty if it means all addresses.
        return port === undefined ? [] : { port, host: urlHost(ip ? String(ip) : '0.0.0.0') };
      }),
    };
  });
}
