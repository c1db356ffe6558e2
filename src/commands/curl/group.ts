import { type Command, Option } from 'commander';
import { accepted, type Said } from './flags.js';
import { type CurlOption, curlOptions, shownAs } from './table.js';

/** Letters and names that mean something else to leakhunt. */
const ownLetters = ['n', 'c', 'q', 'h', 'V'];
const ownNames = ['json', 'help', 'version', 'config'];

/** Adds curl's options that shape the request to a command; their values are appended to `said` in order. */
export function addCurlOptions(command: Command, said: Said[]): Command {
  const offered = curlOptions.filter(({ name, effect }) => effect === 'request' && !ownNames.includes(name));
  command.optionsGroup('Request, as in curl:');
  for (const option of offered) if (!isOfConnection(option.name)) add(command, said, option, option.idle);
  return addConnectionOptions(command, said);
}

/** The options that say how to connect, for a command that uploads nothing. */
export function addConnectionOptions(command: Command, said: Said[]): Command {
  command.optionsGroup('Connection, as in curl:');
  for (const option of curlOptions) {
    if (isOfConnection(option.name)) add(command, said, option, option.idle);
  }
  return command;
}

/** Whether one of curl's flags says how to connect and is supported. */
export function isOfConnection(name: string): boolean {
  return connectionNames.test(name);
}

const connectionNames =
  /^(insecure|cacert|cert|cert-type|key|key-type|pass|connect-timeout|tls(v1|-max).*|unix-socket|resolve|connect-to|ipv[46]|interface|proxy|proxy-user|proxy-basic|proxytunnel|noproxy|http1\.1|http2.*)$/;

/**
 * Adds the rest of curl's options, which the help does not list: those without effect are accepted, those
 * that are not supported are refused by name. Call it last, because a name can belong to leakhunt.
 */
export function addOtherCurlOptions(command: Command, said: Said[]): Command {
  const taken = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  for (const option of curlOptions) {
    const own = ownNames.includes(option.name) || taken.has(`--${option.name}`);
    if (option.effect !== 'request' && !own) {
      const free = option.short !== undefined && !taken.has(`-${option.short}`) && !/\d/.test(option.short);
      add(command, said, free ? option : { ...option, short: undefined }, true);
    }
  }
  return command;
}

/** Whether a flag of this name is curl's and shapes the request. */
export function isCurls(name: string): boolean {
  return (
    !ownNames.includes(name) && curlOptions.some(each => each.name === name && each.effect === 'request')
  );
}

function add(command: Command, said: Said[], option: CurlOption, hide = false): void {
  const { name, value, short } = option;
  const own = short !== undefined && ownLetters.includes(short);
  const named = own ? { ...option, short: undefined } : option;
  const flags = named.short === undefined ? `--${name}` : `-${short}, --${name}`;
  command.addOption(
    new Option(value === undefined ? flags : `${flags} <${value}>`, option.note).hideHelp(hide),
  );
  command.on(`option:${name}`, (given: string | null) => {
    said.push(accepted({ option, value: given ?? '', on: true, written: shownAs(named) }));
  });
}
