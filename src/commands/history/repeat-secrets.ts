import { sources } from '../../probes/catalogue.js';
import { hidden, hiddenUrl } from '../../redact.js';
import { looksLikeFile, redactCommand } from '../../secrets/command.js';
import { isPublicHeader } from '../../secrets/public.js';

/** What is shown of an option's value; for options that are not listed, all of it. */
const shownOf: Record<string, (value: string) => string> = {
  header: headerIn,
  'proxy-header': headerIn,
  user: () => hidden,
  'proxy-user': () => hidden,
  'oauth2-bearer': () => hidden,
  pass: () => hidden,
  cert: value => value.replace(/^((?:[a-z]:[\\/])?.*?[^\\]):.*$/is, `$1:${hidden}`),
  cookie: value => (value.includes('=') ? hidden : value),
  url: hiddenUrl,
  proxy: hiddenUrl,
  referer: hiddenUrl,
  ready: hiddenUrl,
  probe: probeIn,
  form: fieldIn,
  'form-string': value => value.replace(/^([^=]*)=.*$/s, `$1=${hidden}`),
  data: dataIn,
  'data-ascii': dataIn,
  'data-binary': dataIn,
  'data-raw': () => hidden,
  'data-urlencode': value =>
    /^[^=@]*@/.test(value) ? value : value.replace(/^([^=]*=)?.*$/s, `$1${hidden}`),
  env: value => `${value.slice(0, value.indexOf('=') + 1)}${hidden}`,
  start: redactCommand,
  stop: redactCommand,
};

/**
 * The value of an option without its secrets. `isCurl`: it belongs to a curl command, where `--json` is data.
 */
export function hiddenIn(option: string, value: string, isCurl: boolean): string {
  if (option === 'json') return isCurl ? dataIn(value) : value;
  const name = option.replace(/-(before|after)$/, '');
  return Object.hasOwn(shownOf, name) ? shownOf[name]!(value) : value;
}

/** `Name: value`; `Name:`, `Name;` and `@file` have no value. */
function headerIn(text: string): string {
  const [, name, value] = /^([^:]+):\s*(.*)$/s.exec(text) ?? [];
  return name === undefined || value === '' || isPublicHeader(name) ? text : `${name}: ${hidden}`;
}

/** `name=@file` and `name=<file` with their settings, whose headers are hidden; or a value. */
function fieldIn(text: string): string {
  const start = text.indexOf('=') + 1;
  if (start === 0) return looksLikeFile(text) ? text : hidden;
  const value = text.slice(start);
  if (value === ')' || value.startsWith('(')) return text;
  const [content = '', ...settings] = settingsOf(value);
  const shown = /^[@<]/.test(content) ? content : hidden;
  return text.slice(0, start) + [shown, ...settings.map(settingIn)].join(';');
}

/**
 * `;type=text/plain`, `;headers=@file`. The value of `;headers="X-Key: value"` is hidden, and so is any other
 * text.
 */
function settingIn(setting: string): string {
  if (/^\s*(?:type|filename|encoder)=|^\s*headers=[@<]/i.test(setting)) return setting;
  return /^\s*headers=/i.test(setting) ? `headers=${hidden}` : hidden;
}

/** The parts between the semicolons; semicolons in quotes belong to a value. */
function settingsOf(text: string): string[] {
  const settings: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (quoted && text[at] === '\\') at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === ';' && !quoted) {
      settings.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...settings, text.slice(from)];
}

/** A command without its arguments, or an address; the fragment of a JSON page says where the number is. */
function probeIn(text: string): string {
  const [, source = '', place = ''] = /^([a-z]+=)?(.*)$/s.exec(text) ?? [];
  const kind = sources[source.slice(0, -1)]?.argument;
  if (kind === 'command') return `${source}${redactCommand(place)}`;
  if (kind !== 'pointer') return `${source}${hiddenUrl(place)}`;
  const hash = place.indexOf('#');
  return hash < 0 ? text : `${source}${hiddenUrl(place.slice(0, hash))}${place.slice(hash)}`;
}

function dataIn(text: string): string {
  return text.startsWith('@') ? text : hidden;
}
