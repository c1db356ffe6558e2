/** Names of what is probably a secret. */
export const secretNames = /pass|secret|token|key|auth|sign|credential|session|csrf|jwt|policy/i;

/**
 * Headers that say nothing about the user: their values are shown, and sent to redirect destinations. The
 * values of all others are never shown, and are for the first host only.
 */
const publicHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'expect',
  'host',
  'pragma',
  'transfer-encoding',
  'user-agent',
]);

export function isPublicHeader(name: string): boolean {
  return publicHeaders.has(name.trim().toLowerCase());
}

/** Environment variables that say where and how a program runs, and are not secret. */
const publicVariables: ReadonlySet<string> = new Set([
  ...['path', 'home', 'user', 'logname', 'shell', 'shlvl', 'pwd', 'oldpwd', 'hostname', '_'],
  ...['term', 'colorterm', 'no_color', 'force_color', 'display', 'editor', 'pager'],
  ...['lang', 'language', 'tz', 'tmpdir', 'temp', 'tmp', 'ci'],
  ...['node_env', 'node_options', 'java_tool_options', 'godebug', 'leakhunt_hunt'],
]);

export function isPublicVariable(name: string): boolean {
  const lower = name.toLowerCase();
  return publicVariables.has(lower) || lower.startsWith('lc_');
}

/** Words of an authorization that say its kind. */
export const schemes: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'negotiate', 'token']);
