import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { faultError, faultKey, killThisProcess, type MemoryFault, type OperationName } from "./faults.ts";
import { withFileLock } from "./file-lock.ts";
import type { MemoryState, Operation } from "./memory-state.ts";

interface StoreOptions {
  readonly state: MemoryState;
  readonly file?: string;
  readonly faults: () => Promise<readonly MemoryFault[]>;
}

interface Waiting {
  /** The state after it, and what tells its caller. */
  readonly work: (state: MemoryState) => { readonly state: MemoryState; readonly answer: () => void };
  readonly reject: (error: unknown) => void;
}

/** A state and the file that it came from, or went to. */
interface Version {
  readonly file: string;
  readonly state: MemoryState;
}

/**
 * Where the state lives: here, or in a file that several processes share. A state is replaced as a whole, so that readers need no lock; what writes waits in line,
 * and all that waits is done under one lock and written once.
 */
export class MemoryStore {
  private last: Version;
  private readonly file: string | undefined;
  private readonly faults: StoreOptions["faults"];
  private waiting: Waiting[] = [];
  private working = false;

  constructor({ state, file, faults }: StoreOptions) {
    this.last = { file: "", state };
    this.file = file;
    this.faults = faults;
  }

  /** The state as it is now. */
  async current(): Promise<MemoryState> {
    if (this.file === undefined) return this.last.state;
    const file = await versionOf(this.file);
    if (file !== undefined && file !== this.last.file) {
      // What is read may be newer than the version that was asked for: then it is only read once more.
      this.last = { file, state: JSON.parse(await readFile(this.file, "utf8")) as MemoryState };
    }
    return this.last.state;
  }

  /** Reads, without waiting in line; with a fault as `run` does. */
  async read<T>(name: OperationName, view: (state: MemoryState) => T): Promise<T> {
    if ((await this.faults()).some(({ operation }) => operation === name))
      return await this.run(name, (state) => ({ state, result: view(state) }));
    return view(await this.current());
  }

  /** Does an operation, and what its faults ask for. One that changes nothing writes nothing. */
  async run<T>(name: OperationName, operation: Operation<T>): Promise<T> {
    const faults = (await this.faults()).filter((fault) => fault.operation === name);
    if (faults.length === 0) return await this.inLine(operation);
    const hit = await this.inLine(countCall(faults));
    for (const { delay = 0 } of hit) if (delay > 0) await sleep(delay);
    const fault = hit.find(({ how = "fail" }) => how !== "wait");
    if (!fault) return await this.inLine(operation);
    const { when = "before" } = fault;
    if (when !== "before") {
      await this.inLine((state) => {
        const outcome = operation(state);
        return when === "after" ? outcome : { state: outcome.half ?? state, result: undefined };
      });
    }
    if (fault.how === "kill") return await killThisProcess();
    throw faultError(fault);
  }

  private async inLine<T>(operation: Operation<T>): Promise<T> {
    return await new Promise((resolve, reject) => {
      this.waiting.push({
        work: (before) => {
          try {
            const { state, result } = operation(before);
            // Told when it is written, not before.
            return { state, answer: () => resolve(result) };
          } catch (error) {
            return { state: before, answer: () => reject(error) };
          }
        },
        reject,
      });
      if (!this.working) void this.workOff();
    });
  }

  private async workOff(): Promise<void> {
    this.working = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const answers = await this.alone((before) => {
          let state = before;
          const done = batch.map(({ work }) => {
            const outcome = work(state);
            ({ state } = outcome);
            return outcome.answer;
          });
          return { state, result: done };
        });
        for (const answer of answers) answer();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.working = false;
  }

  private async alone<T>(operation: Operation<T>): Promise<T> {
    const { file } = this;
    if (file === undefined) {
      const { state, result } = operation(this.last.state);
      this.last = { file: "", state };
      return result;
    }
    await mkdir(dirname(file), { recursive: true });
    return await withFileLock(file, async () => {
      const before = await this.current();
      const { state, result } = operation(before);
      if (state !== before) this.last = { file: await replace(file, JSON.stringify(state)), state };
      return result;
    });
  }
}

/** Counts a call for these faults and gives those whose turn it is. */
function countCall(faults: readonly MemoryFault[]): Operation<readonly MemoryFault[]> {
  return (state) => {
    const calls = { ...state.calls };
    for (const fault of faults) calls[faultKey(fault)] = (calls[faultKey(fault)] ?? 0) + 1;
    const hit = faults.filter((fault) => fault.call === undefined || fault.call === calls[faultKey(fault)]);
    return { state: { ...state, calls }, result: hit };
  };
}

/** @returns the version of what is there now */
async function replace(file: string, text: string): Promise<string> {
  const next = `${file}.next`;
  await writeFile(next, text, { mode: 0o600 });
  const version = await versionOf(next);
  await rename(next, file);
  return version ?? "";
}

/** Tells a file from the one that replaced it. Inodes are used again, and times are coarse: both together with the size. */
async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { ino, mtimeNs, size } = await stat(file, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
