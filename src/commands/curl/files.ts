import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { codeOf, messageOf, usageError } from '../../errors.js';
import { parseUrl } from '../../hunt/upload-url.js';
import type { DataPart } from '../../load/body/data-body.js';
import type { FormPart } from '../../load/body/form-part.js';
import { connectionIn } from '../../net/environment.js';
import { before } from '../../text.js';
import type { Streams } from '../program/streams.js';
import { cookiesIn } from './cookies.js';
import { type HeaderWord, headerLineOf } from './headers.js';
import type { CurlRequest, HuntRequest } from './request.js';

/** A request whose files of headers and cookies, and standard input, have been read: options of a hunt. */
export async function readRequest(
  request: CurlRequest,
  url: string,
  streams: Pick<Streams, 'stdin'> & Partial<Pick<Streams, 'env'>>,
): Promise<HuntRequest & { url: string }> {
  const to = parseUrl(url);
  const input = standardInput(streams);
  const own = await headersIn(request.headers, input);
  const cookies = await Promise.all(request.cookieFiles.map(path => cookiesOf(path, to)));
  const form = await Promise.all(request.form.map(part => withInput(part, input)));
  const body = request.data && {
    ...request.data,
    parts: await Promise.all(request.data.parts.map(part => withInput(part, input))),
  };
  return {
    ...connectionIn(request.options, streams.env ?? {}),
    ...headersOf(request, own, cookies.flat()),
    url: request.uploadFile === undefined ? url : withFileName(to, request.uploadFile),
    form: form.length > 0 ? form : undefined,
    body,
  };
}

/**
 * A header of `-H`, whether given or left out, replaces what another option sets; cookies of files are added.
 */
function headersOf(
  { implied, left, data, options }: CurlRequest,
  own: Exclude<HeaderWord, { file: string }>[],
  cookies: string[],
): Pick<HuntRequest, 'headers' | 'withoutHeaders' | 'framing'> {
  const is = (wanted: string) => (name: string) => name.toLowerCase() === wanted.toLowerCase();
  const meant = implied.filter(([name]) => !own.some(each => is(name)(each.name)));
  const headers = [
    ...meant,
    ...own.flatMap(({ name, value }) => (value === undefined ? [] : [pair(name, value)])),
  ];
  const withoutHeaders = [...left, ...own.flatMap(({ name, value }) => (value === undefined ? [name] : []))];
  if (cookies.length > 0) addCookies(headers, meant, cookies);
  if (data) return { headers, withoutHeaders, framing: options.framing };

  // A form's type needs its boundary, which curl adds to the user's own type.
  const type = headers.find(([name]) => is('Content-Type')(name))?.[1];
  return {
    headers: headers.filter(([name]) => !is('Content-Type')(name)),
    withoutHeaders,
    framing: type === undefined ? options.framing : { ...options.framing, type },
  };
}

const pair = (name: string, value: string): [string, string] => [name, value];

/** Cookies of a file and of `-b` share a header, but not with a header of `-H`. */
function addCookies(headers: [string, string][], meant: [string, string][], cookies: string[]): void {
  const given = meant.find(([name]) => name === 'Cookie');
  const whole = [...cookies, ...(given ? [given[1]] : [])].join('; ');
  if (given) given[1] = whole;
  else headers.unshift(['Cookie', whole]);
}

async function headersIn(words: HeaderWord[], input: () => Promise<Buffer>) {
  const lines = words.map(async word => {
    if (!('file' in word)) return [word];
    const text = word.file === '-' ? await input() : await fileOf(word.file, `-H "@${word.file}"`);
    const numbered = text
      .toString()
      .split(/\r?\n/)
      .map((line, i) => ({ line, where: `Line ${i + 1} of -H "@${word.file}"` }));
    return numbered
      .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
      .map(({ line, where }) => headerLineOf(line, where));
  });
  return (await Promise.all(lines)).flat();
}

/**
 * A cookie without an equals sign is the name of a file, or a secret whose name was forgotten: it is not
 * shown.
 */
async function cookiesOf(path: string, url: URL): Promise<string[]> {
  const shown = 'The cookie file that -b names (cookies themselves have an equals sign)';
  return cookiesIn((await fileOf(path, shown)).toString(), url, Date.now());
}

async function fileOf(path: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'the file does not exist' : before(messageOf(error), " '");
    throw usageError('BAD_FILE', `${shown} could not be read (${why}): check the path.`);
  }
}

/**
 * Reads the input once, however often it is named, and does not look at it if it is not named: looking opens
 * it.
 */
function standardInput(streams: Pick<Streams, 'stdin'>): () => Promise<Buffer> {
  let bytes: Promise<Buffer> | undefined;
  return () => {
    bytes ??= buffer(streams.stdin ?? Readable.from([]));
    return bytes;
  };
}

async function withInput<Part extends FormPart | DataPart>(
  part: Part,
  input: () => Promise<Buffer>,
): Promise<Part> {
  const { content } = part;
  if ('stdin' in content) return { ...part, content: { bytes: await input() } };
  if (!('parts' in content)) return part;
  return {
    ...part,
    content: { parts: await Promise.all(content.parts.map(each => withInput(each, input))) },
  };
}

/** As curl: a URL that ends in a slash gets the name of the file that `-T` uploads. */
function withFileName(url: URL, path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === '-' || path === '.' || !url.pathname.endsWith('/')) return url.href;
  const whole = new URL(url);
  whole.pathname += encodeURIComponent(name).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return whole.href;
}
