type Close = () => Promise<void> | void;

/** What a process has opened, and what ended it before its time. */
export class Lifetime {
  readonly #opened: Close[] = [];
  readonly #broken = Promise.withResolvers<void>();
  #fault: Error | undefined;

  /** `close` is called when everything is closed; the last one opened is closed first. */
  opened(close: Close): void {
    this.#opened.push(close);
  }

  /** Nothing can go on because of this. Only the first fault counts: what follows is its consequence. */
  breakOff(fault: Error): void {
    this.#fault ??= fault;
    this.#broken.resolve();
  }

  get isBroken(): boolean {
    return this.#fault !== undefined;
  }

  /** Resolves once nothing can go on; `close` then says why. */
  get broken(): Promise<void> {
    return this.#broken.promise;
  }

  /** Closes everything, also where something of it fails. Rejects with what broke it, otherwise with the first failure to close. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#opened.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (this.#fault) throw this.#fault;
    if (failures.length > 0) throw failures[0];
  }
}
