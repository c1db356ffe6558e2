import { withScheme } from '../address.js';
import type { DataBody } from '../load/body/data-body.js';
import type { FormPart } from '../load/body/form-part.js';
import { sources } from '../probes/catalogue.js';
import type { ProbeRequest } from '../probes/index.js';
import { decoded } from '../redact.js';
import { secretsIn } from '../secrets/command.js';
import { secretsGiven, secretsInherited } from '../secrets/environment.js';
import { isPublicHeader, schemes } from '../secrets/public.js';
import { Redactor } from '../secrets/redactor.js';
import { partsOf, partsOfPair, partsOfUrl } from '../secrets/values.js';
import type { Plan } from './plan.js';

type Supplied = Pick<Plan, 'url' | 'headers'> & Partial<Plan>;

/**
 * Hides everything that was given to a hunt and is not a file's name, wherever a server, a target's last
 * output or an error repeats it: values of headers, of the form and of data, credentials, query and fragment
 * of every URL, the target's environment, and the arguments of commands.
 */
export function redactorOf(plan: Supplied): Redactor {
  const { url, headers, form = [], body, proxy, proxies, proxyUser, pass, start, probes = [] } = plan;
  return new Redactor([
    ...headers.flatMap(([name, value]) => (isPublicHeader(name) ? [] : partsOfHeader(value))),
    ...form.flatMap(partsOfField),
    ...partsOfData(body),
    ...partsOfUrl(url.href),
    ...partsOfPair(proxyUser ?? credentialsOf(proxy)),
    ...[proxies?.http, proxies?.https].flatMap(each => partsOfPair(credentialsOf(each))),
    ...(pass === undefined ? [] : [pass]),
    ...(start ? [...partsOfCommand(start.command), ...partsOfCommand(start.stop)] : []),
    ...(start?.ready ? partsOfUrl(start.ready.href) : []),
    ...(start ? [...secretsGiven(start.env), ...secretsInherited(process.env)] : []),
    ...probes.flatMap(partsOfProbe),
  ]);
}

/** Also word by word: a server may repeat the token without the word before it. */
function partsOfHeader(value: string): string[] {
  return [...partsOf(value), ...value.split(/[\s;,=]+/)].filter(part => !schemes.has(part.toLowerCase()));
}

function partsOfField({ content, headers = [] }: FormPart): string[] {
  const lines = headers.filter(line => typeof line === 'string');
  return [
    ...('text' in content
      ? partsOf(content.text)
      : 'parts' in content
        ? content.parts.flatMap(partsOfField)
        : []),
    ...lines.flatMap(line => partsOfHeader(line.slice(line.indexOf(':') + 1).trim())),
  ];
}

/** A longer value is a file, not something that somebody typed. */
const longestInput = 16 * 1024;

function partsOfData(body: DataBody | undefined): string[] {
  return (body?.parts ?? []).flatMap(({ content }) => {
    if ('text' in content) return partsOf(content.text);
    return 'bytes' in content && content.bytes.length <= longestInput
      ? partsOf(content.bytes.toString('utf8'))
      : [];
  });
}

function partsOfCommand(command = ''): string[] {
  return secretsIn(command);
}

/** The secret parts of an address (a URL) or of a command (its arguments). */
function partsOfProbe(request: ProbeRequest): string[] {
  if (request === 'auto' || request.argument === undefined) return [];
  const { source, argument } = request;
  const kind = sources[source]?.argument;
  if (kind === 'command') return partsOfCommand(argument);
  // The fragment of a JSON page says where the number is.
  const address = kind === 'pointer' ? (argument.split('#')[0] ?? '') : argument;
  return partsOfUrl(withScheme(address));
}

function credentialsOf(proxy = ''): string {
  const written = /^(?:\w+:\/\/)?(.*)@/s.exec(proxy)?.[1] ?? '';
  return decoded(written);
}
