/**
 * After these numbers of rounds of uploads every series is judged (unless the number of rounds is fixed):
 * early enough for plain growth, then ever wider apart, because each further look costs all others a share of
 * their power.
 */
export const looks = [8, 16, 24, 30, 36, 42, 48, 56, 64, 72, 80, 88, 96];
