/** The exit codes of the process. Scripts depend on these numbers. */
export const exitCodes = {
  flat: 0,
  leak: 1,
  usage: 2,
  inconclusive: 3,
  unmeasurable: 4,
  internal: 70,
  interrupted: 130,
} as const;

/** What each means, in a few words. */
export const exitCodeWords: Record<keyof typeof exitCodes, string> = {
  flat: 'flat',
  leak: 'leak',
  usage: 'usage error',
  inconclusive: 'inconclusive',
  unmeasurable: 'the target could not be measured',
  internal: 'an error in leakhunt itself',
  interrupted: 'interrupted',
};

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
