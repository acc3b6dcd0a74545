// How often and how fast to start a server that ends by itself.

/** Seconds to wait before each new start; after the last one nothing starts by itself. */
const WAITS = [1, 2, 4, 8, 16];

/** A server that ran this long, in milliseconds, has earned a fresh count. */
const WELL = 180_000;

export class Backoff {
  private ends = 0;

  /** In: how long the server ran, in milliseconds. Out: the seconds to wait, or nothing: give up. */
  next(ran: number): number | undefined {
    if (ran >= WELL) this.ends = 0;
    return WAITS[this.ends++];
  }

  /** The user asked for a start: count anew. */
  reset(): void {
    this.ends = 0;
  }
}
