import type { SeedRecord, SeedSpec } from "../provisioning.ts";
import { put, type MemorySeed, type MemoryState, type Operation } from "./memory-state.ts";
import { seedPath, seedRecord } from "./records.ts";

/** @param content SHA-256 of the file */
export function createSeed({ owner, name }: SeedSpec, content: string): Operation<SeedRecord> {
  return (state) => {
    const seed: MemorySeed = { id: seedPath(owner, name), owner, name, content };
    const found = state.seeds.find(({ id }) => id === seed.id);
    if (found?.content === content && !found.unfinished) return { state, result: seedRecord(found) };
    const write = (entry: MemorySeed): MemoryState => ({ ...state, seeds: put(state.seeds, entry, ({ id }) => id === entry.id) });
    return { half: write({ ...seed, unfinished: true }), state: write(seed), result: seedRecord(seed) };
  };
}

export function listSeeds(state: MemoryState, ids: readonly string[]): ReadonlyMap<string, SeedRecord> {
  const wanted = new Set(ids);
  return new Map(state.seeds.filter(({ id, unfinished }) => wanted.has(id) && !unfinished).map((seed) => [seed.id, seedRecord(seed)]));
}

export function removeSeed(id: string): Operation<void> {
  return (state) => {
    const rest = state.seeds.filter((seed) => seed.id !== id);
    return { state: rest.length === state.seeds.length ? state : { ...state, seeds: rest }, result: undefined };
  };
}
