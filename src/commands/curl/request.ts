import { usageError } from '../../errors.js';
import type { ReadOptions } from '../../hunt/options.js';
import type { DataBody } from '../../load/body/data-body.js';
import { type FormArgument, parseForm } from '../../load/body/form.js';
import type { FormPart } from '../../load/body/form-part.js';
import type { DialOptions, TlsVersion } from '../../net/dial-options.js';
import { redactAddress } from '../../redact.js';
import { secondsOf } from '../program/numbers.js';
import { dataBodyOf } from './data.js';
import type { Said } from './flags.js';
import { basicOf, type HeaderWord, headerOf } from './headers.js';

/** What a curl command asks for, before any file of it is read. */
export interface CurlRequest {
  /** As it was given; absent if it was not. */
  url?: string;
  form: FormPart[];
  data?: DataBody;
  /** The file of `-T` whose name is appended to the URL if that ends in a slash. */
  uploadFile?: string;
  headers: HeaderWord[];
  /** Headers that other options imply, each unless `-H` sets or removes its own. */
  implied: [string, string][];
  /** Headers that are left out by an empty value, as in `-A ''`. */
  left: string[];
  cookieFiles: string[];
  /** Options of the hunt that need no more work. */
  options: HuntRequest;
  /** Options that were accepted and change nothing, as they were written. */
  withoutEffect: string[];
}

/** What a request contributes to the options of a hunt. */
export type HuntRequest = Partial<
  Pick<
    ReadOptions,
    | 'method'
    | 'headers'
    | 'withoutHeaders'
    | 'form'
    | 'framing'
    | 'body'
    | 'location'
    | 'maxTime'
    | keyof DialOptions
    | 'cookieEngine'
  >
>;

/** The request that curl's options describe. Pure; throws a usage error if they contradict each other. */
export function requestOf(said: readonly Said[]): CurlRequest {
  const values = (...names: string[]) =>
    said.filter(({ option }) => names.includes(option.name)).map(({ value }) => value);
  const last = (name: string) => values(name).at(-1);
  const is = (name: string) => said.findLast(({ option }) => option.name === name)?.on ?? false;

  const form = parseForm(said.flatMap(formArgument));
  const data = dataBodyOf(said);
  const uploads = values('upload-file');
  refuseTwoBodies(said);
  const json = data !== undefined && said.some(({ option }) => option.name === 'json');
  const { texts, files } = cookiesOf(values('cookie'));
  const [cert, certPass] = certificateOf(last('cert'));
  refuseOtherTypes(said);

  return {
    url: urlOf(values('url'), is('globoff')),
    form,
    data,
    uploadFile: uploads[0],
    headers: values('header')
      .filter(text => text !== '')
      .map(headerOf),
    implied: impliedHeaders({
      'User-Agent': last('user-agent'),
      Accept: json ? 'application/json' : undefined,
      'Accept-Encoding': is('compressed') ? 'deflate, gzip, br, zstd' : undefined,
      Referer: last('referer')?.replace(/;auto$/, ''),
      Authorization: authorizationOf(last('user'), last('oauth2-bearer')),
      Cookie: texts.join(';'),
    }),
    left: last('user-agent') === '' ? ['User-Agent'] : [],
    cookieFiles: files,
    options: {
      method: last('request') ?? (uploads.length > 0 ? 'PUT' : undefined),
      framing: is('form-escape') ? { backslash: true } : undefined,
      location: is('location'),
      insecure: is('insecure'),
      maxTime: limitOf('-m', last('max-time')),
      connectTimeout: limitOf('--connect-timeout', last('connect-timeout')),
      cacert: last('cacert'),
      cert,
      key: last('key'),
      pass: last('pass') ?? certPass,
      unixSocket: last('unix-socket'),
      tlsMin: oldestTls(said),
      tlsMax: newestTls(last('tls-max')),
      proxy: last('proxy'),
      proxyUser: last('proxy-user'),
      proxyTunnel: is('proxytunnel'),
      noproxy: last('noproxy'),
      resolve: listOf(values('resolve')),
      connectTo: listOf(values('connect-to')),
      ipFamily: familyOf(said),
      interface: last('interface'),
      http2: /^http2/.test(said.findLast(({ option }) => /^http[12]/.test(option.name))?.option.name ?? ''),
      cookieEngine: files.length > 0 || values('cookie').includes('') || values('cookie-jar').length > 0,
    },
    withoutEffect: [
      ...new Set(said.filter(({ option }) => option.effect !== 'request').map(each => each.written)),
    ],
  };
}

function formArgument({ option, value }: Said): FormArgument[] {
  if (option.name === 'form') return [{ value }];
  return option.name === 'form-string' ? [{ value, literal: true }] : [];
}

/** curl sends only one body, too, and does not say which wins. */
function refuseTwoBodies(said: readonly Said[]): void {
  const kinds = [/^form(-string)?$/, /^(data|json)/, /^upload-file$/];
  const given = kinds.flatMap(kind => said.find(({ option }) => kind.test(option.name)) ?? []);
  if (given.length < 2) return;
  const [first, second] = given;
  throw usageError(
    'BAD_CURL',
    `${first!.written} and ${second!.written} each send a body, but an upload has only one: remove one of them.`,
  );
}

function refuseOtherTypes(said: readonly Said[]): void {
  const other = said.find(
    ({ option, value }) => /^(cert|key)-type$/.test(option.name) && value.toUpperCase() !== 'PEM',
  );
  if (!other) return;
  throw usageError(
    'BAD_CURL',
    `${other.written} "${other.value}" is not supported: convert the file to PEM.`,
  );
}

/** One URL; one that curl would expand to several is refused, unless `-g` turns that off. */
function urlOf(urls: string[], globoff: boolean): string | undefined {
  if (urls.length > 1) {
    const shown = urls.slice(0, 2).map(url => `"${redactAddress(url)}"`);
    throw usageError(
      'BAD_URL',
      `${shown.join(' and ')} are two URLs, but a hunt uploads to only one: remove the other.`,
    );
  }
  const url = urls[0];
  if (url === undefined || globoff) return url;
  const literal = url.replace(/^(\w+:\/\/)?([^/@]*@)?\[[\da-fA-F:.%]+\]/, ''); // an IPv6 address
  if (/(?<!\\)[{[]/.test(literal)) {
    throw usageError(
      'BAD_URL',
      `"${redactAddress(url)}" stands for several URLs, because curl expands {} and []: give one, or add -g to treat them literally.`,
    );
  }
  return url.replace(/\\([[\]{}])/g, '$1');
}

/**
 * `-b` with an equals sign holds the cookies themselves, without one it names a file; `''` only starts the
 * engine.
 */
function cookiesOf(values: string[]): { texts: string[]; files: string[] } {
  return {
    texts: values.filter(value => value.includes('=')),
    files: values.filter(value => value !== '' && !value.includes('=')),
  };
}

function impliedHeaders(values: Record<string, string | undefined>): [string, string][] {
  return Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
}

function authorizationOf(user: string | undefined, bearer: string | undefined): string | undefined {
  if (bearer !== undefined) return `Bearer ${bearer}`;
  return user === undefined ? undefined : basicOf(user);
}

/** Zero is curl's word for no limit by the user. */
function limitOf(flag: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : secondsOf(flag)(text) || undefined;
}

/** `file:passphrase`; a backslash escapes a colon in the file's name. */
function certificateOf(text: string | undefined): [file?: string, pass?: string] {
  if (text === undefined) return [];
  const [, file, pass] = /^((?:\\.|[^\\:])*)(?::(.*))?$/s.exec(text) ?? [undefined, text];
  return [file!.replace(/\\([\\:])/g, '$1'), pass || undefined];
}

function listOf(values: string[]): string[] | undefined {
  return values.length === 0 ? undefined : values;
}

function familyOf(said: readonly Said[]): 4 | 6 | undefined {
  const given = said.findLast(({ option }) => /^ipv[46]$/.test(option.name));
  return given && (given.option.name === 'ipv4' ? 4 : 6);
}

/** `--tlsv1` leaves the choice to both sides, which is the default anyway. */
function oldestTls(said: readonly Said[]): TlsVersion | undefined {
  const given = said.findLast(({ option }) => /^tlsv1(\.\d)?$/.test(option.name))?.option.name;
  return given === undefined ? undefined : versions[given.slice('tlsv'.length)];
}

function newestTls(version: string | undefined): TlsVersion | undefined {
  if (version === undefined || version === 'default') return undefined;
  const known = versions[version];
  if (known) return known;
  throw usageError('BAD_CURL', `--tls-max "${version}" is not a TLS version: use 1.0, 1.1, 1.2 or 1.3.`);
}

const versions: Record<string, TlsVersion> = {
  '1.0': 'TLSv1',
  '1.1': 'TLSv1.1',
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
};
