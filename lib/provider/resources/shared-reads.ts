/** Time as the caller counts it, in milliseconds. */
export type Clock = () => number;

interface Answer<T> {
  readonly value: Promise<T>;
  readonly since: number;
}

/**
 * One reading that concurrent readers share, until it is forgotten or too old. A failure is told to those who wait for it, and asked anew by the next.
 */
export class SharedRead<T> {
  private answer: Answer<T> | undefined;
  private readonly load: () => Promise<T>;
  private readonly maxAge: number;
  private readonly clock: Clock;

  /** @param maxAge milliseconds from the start of a reading until others no longer take its answer */
  constructor(load: () => Promise<T>, maxAge: number, clock: Clock) {
    this.load = load;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  async read(): Promise<T> {
    const now = this.clock();
    if (this.answer && now - this.answer.since < this.maxAge) return await this.answer.value;
    const answer = { value: this.load(), since: now };
    this.answer = answer;
    try {
      return await answer.value;
    } catch (error) {
      if (this.answer === answer) this.answer = undefined;
      throw error;
    }
  }

  /** What was asked until now answers those who asked; the next reader asks anew. */
  forget(): void {
    this.answer = undefined;
  }
}

interface Question<T> {
  readonly key: string;
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Like `SharedRead`, for many keys: those asked for at the same time are read together. */
export class SharedReads<T> {
  private readonly answers = new Map<string, Answer<T | undefined>>();
  private questions: Question<T>[] = [];
  private busy = false;
  private readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>;
  private readonly maxAge: number;
  private readonly clock: Clock;

  constructor(load: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>, maxAge: number, clock: Clock) {
    this.load = load;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  async read(key: string): Promise<T | undefined> {
    const now = this.clock();
    const known = this.answers.get(key);
    if (known && now - known.since < this.maxAge) return await known.value;
    const value = new Promise<T | undefined>((resolve, reject) => this.questions.push({ key, resolve, reject }));
    const answer = { value, since: now };
    this.answers.set(key, answer);
    if (!this.busy) void this.work();
    try {
      return await value;
    } catch (error) {
      if (this.answers.get(key) === answer) this.answers.delete(key);
      throw error;
    }
  }

  forget(): void {
    this.answers.clear();
  }

  /** One reading at a time, each with all that was asked since the last. Terraform's questions come within a few milliseconds of each other. */
  private async work(): Promise<void> {
    this.busy = true;
    for (let wait = 3; this.questions.length > 0; wait = 0) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const batch = this.questions;
      this.questions = [];
      try {
        const found = await this.load([...new Set(batch.map(({ key }) => key))]);
        for (const { key, resolve } of batch) resolve(found.get(key));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.busy = false;
  }
}
