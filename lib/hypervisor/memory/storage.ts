import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ImageTarget } from "../hypervisor.ts";
import { put, type MemoryPool, type MemoryState, type Operation } from "./memory-state.ts";

export function uploadImage({ directory, fileName }: ImageTarget): Operation<string> {
  return (state) => {
    const found = state.pools.find(({ path }) => path === directory);
    const pool: MemoryPool = found ?? { id: randomUUID(), name: poolName(directory), path: directory, volumes: [] };
    const result = join(directory, fileName);
    if (pool.volumes.includes(fileName)) return { state, result };
    const next = { ...pool, volumes: [...pool.volumes, fileName] };
    return { half: write(state, pool), state: write(state, next), result };
  };
}

export function hasImage(state: MemoryState, { directory, fileName }: ImageTarget): boolean {
  return state.pools.some(({ path, volumes }) => path === directory && volumes.includes(fileName));
}

export function removeVolume(poolName: string, name: string): Operation<void> {
  return (state) => {
    const pool = state.pools.find((candidate) => candidate.name === poolName);
    if (!pool?.volumes.includes(name)) return { state, result: undefined };
    return { state: write(state, { ...pool, volumes: pool.volumes.filter((volume) => volume !== name) }), result: undefined };
  };
}

export function removePool(name: string): Operation<void> {
  return (state) => {
    const rest = state.pools.filter((pool) => pool.name !== name);
    return { state: rest.length === state.pools.length ? state : { ...state, pools: rest }, result: undefined };
  };
}

const poolName = (directory: string): string => `terrarium-${createHash("sha256").update(directory).digest("hex").slice(0, 8)}`;

function write(state: MemoryState, pool: MemoryPool): MemoryState {
  return { ...state, pools: put(state.pools, pool, ({ name }) => name === pool.name) };
}
