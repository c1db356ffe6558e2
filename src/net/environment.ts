import type { DialOptions } from './dial-options.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the proxies that the environment names, as curl reads them: for `http_proxy` only the lower-case name,
 * because a server passes the header `Proxy` to its scripts as HTTP_PROXY; for the others the lower-case one
 * first. The options take precedence. Source: curl(1), "ENVIRONMENT".
 */
export function connectionIn<Options extends Partial<DialOptions>>(
  options: Options,
  env: Environment,
): Options & Pick<Partial<DialOptions>, 'proxies' | 'noproxy'> {
  const either = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const all = either('all_proxy');
  const [http, https] = [env.http_proxy || all, either('https_proxy') ?? all];
  const named = http === undefined && https === undefined ? undefined : { http, https };
  return {
    ...options,
    ...(options.proxies === undefined && named ? { proxies: named } : {}),
    noproxy: options.noproxy ?? either('no_proxy'),
  };
}
