import { hidden, redactAddress, redactUrl, secretNames } from '../../redact.js';

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
    value.replace(/^([a-z]+=)?(.*)$/s, (_, source = '', place) => `${source}${hiddenUrl(place)}`),
  form: fieldIn,
  'form-string': fieldIn,
  data: dataIn,
  'data-ascii': dataIn,
  'data-binary': dataIn,
  'data-raw': () => hidden,
  'data-urlencode': value => value.replace(/^([^=@]*)=.*$/s, `$1=${hidden}`),
  env: value => value.replace(/=.*$/s, `=${hidden}`),
  start: shellIn,
  stop: shellIn,
};

/** The value of an option without what is secret in it. */
export function hiddenIn(option: string, value: string, isCurl: boolean): string {
  if (option === 'json') return isCurl ? dataIn(value) : value;
  return Object.hasOwn(secrets, option) ? secrets[option]!(value) : value;
}

/** A URL without credentials, and with the values of its query hidden; other words stay as they are. */
export function hiddenUrl(text: string): string {
  if (!/[@?]/.test(text)) return text;
  const hasScheme = /^[\w+.-]+:\/\//.test(text);
  const whole = hasScheme ? text : `http://${text}`;
  if (!URL.canParse(whole)) return redactAddress(text);
  const shown = redactUrl(new URL(whole));
  return hasScheme ? shown : shown.slice('http://'.length);
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

/** Of a command line in one word: assignments, options that sound secret, and URLs. */
function shellIn(text: string): string {
  return text
    .replace(/(^|\s)([A-Za-z_]\w*)=(?:"[^"]*"|'[^']*'|\S+)/g, `$1$2=${hidden}`)
    .replace(/(\s--?[\w-]*)([\s=]+)(?:"[^"]*"|'[^']*'|\S+)/g, (found, option, between) =>
      secretNames.test(option) ? `${option}${between}${hidden}` : found,
    )
    .replace(/[\w+.-]+:\/\/\S+/g, hiddenUrl);
}
