import { hidden, hiddenUrl, redactCommand, secretNames } from '../../redact.js';

/** Headers that say nothing of the user. */
const publicHeaders =
  /^(user-agent|accept(-\w+)?|content-(type|length|encoding)|host|expect|connection|transfer-encoding)$/i;
/** A value that is longer says more than what it is for. */
const longestValue = 60;

const secrets: Record<string, (value: string) => string> = {
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
  probe: value =>
    /^exec=/.test(value)
      ? `exec=${redactCommand(value.slice('exec='.length))}`
      : value.replace(/^([a-z]+=)?(.*)$/s, (_, source = '', place) => `${source}${hiddenUrl(place)}`),
  form: fieldIn,
  'form-string': fieldIn,
  data: dataIn,
  'data-ascii': dataIn,
  'data-binary': dataIn,
  'data-raw': () => hidden,
  'data-urlencode': value => value.replace(/^([^=@]*)=.*$/s, `$1=${hidden}`),
  env: value => value.replace(/=.*$/s, `=${hidden}`),
  start: redactCommand,
  stop: redactCommand,
};

/** The value of an option without what is secret in it. */
export function hiddenIn(option: string, value: string, isCurl: boolean): string {
  if (option === 'json') return isCurl ? dataIn(value) : value;
  return Object.hasOwn(secrets, option) ? secrets[option]!(value) : value;
}

/** `Name: value`; `Name:`, `Name;` and `@file` have none. */
function headerIn(text: string): string {
  const [, name, value] = /^([^:]+):\s*(.*)$/s.exec(text) ?? [];
  return name === undefined || value === '' || publicHeaders.test(name) ? text : `${name}: ${hidden}`;
}

/** `name=@file`, `name=<file`, or a value, which is hidden where its name or length says that it is a secret. */
function fieldIn(text: string): string {
  const [, name, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined || /^[@<]/.test(value)) return text;
  return secretNames.test(name) || value.length > longestValue ? `${name}=${hidden}` : text;
}

function dataIn(text: string): string {
  return text.startsWith('@') ? text : hidden;
}
