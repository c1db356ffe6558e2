import { badProfile } from './bad-profile.js';

/** Beside the memory in proportion to a profile's size, so that small ones are never refused. */
const base = 16 << 20;

/**
 * What a decoded profile may take: four times its size. Tables are as large as a profile says they are, in
 * few bytes where it is hostile; each is paid for before it is made.
 */
export class Budget {
  private left: number;

  constructor(private readonly size: number) {
    this.left = 4 * size + base;
  }

  take(bytes: number, what: string): void {
    this.left -= bytes;
    if (this.left < 0) {
      throw badProfile(
        `The profile of ${this.size} bytes would need more than four times that for its ${what}`,
      );
    }
  }
}
