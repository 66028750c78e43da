import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isJsonObject, numberAt, objectAt, parseJsonObject, stringAt, type JsonObject } from "./json.ts";
import { findRunMembers, isAlive, type ProcessId } from "./proc.ts";

/**
 * What a working directory says about the Terraform in it: the file `terraform.run.json`, there from before Terraform starts until
 * we have seen it end. If we are killed it stays, and the next run finds by it what still lives.
 */
export interface RunRecord {
  /** In the environment of Terraform and of everything it starts. */
  readonly runId: string;
  /** `apply`, `plan` … */
  readonly command: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** The program that started it: ours. */
  readonly owner: ProcessId;
  /** Absent in the moment between the claim and the start. */
  readonly terraform?: ProcessId;
}

const recordFile = (workingDirectory: string) => join(workingDirectory, "terraform.run.json");

/**
 * Writes the record for the first time.
 *
 * @returns false if there is one already
 */
export async function createRecord(workingDirectory: string, record: RunRecord): Promise<boolean> {
  const temporary = await writeTemporary(workingDirectory, record);
  try {
    // A link appears with its content and refuses to replace: a reader never sees half a record.
    await link(temporary, recordFile(workingDirectory));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Replaces the record in one step. */
export async function updateRecord(workingDirectory: string, record: RunRecord): Promise<void> {
  await rename(await writeTemporary(workingDirectory, record), recordFile(workingDirectory));
}

async function writeTemporary(workingDirectory: string, record: RunRecord): Promise<string> {
  const temporary = `${recordFile(workingDirectory)}.${record.runId}`;
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
  return temporary;
}

/** @returns undefined if there is none; one that is not ours (a full disk, an editor) counts as none and is removed */
export async function readRecord(workingDirectory: string): Promise<RunRecord | undefined> {
  let text: string;
  try {
    text = await readFile(recordFile(workingDirectory), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  const record = parseRecord(parseJsonObject(text));
  if (!record) await rm(recordFile(workingDirectory), { force: true });
  return record;
}

/** Removes the record if it is still this run's. */
export async function removeRecord(workingDirectory: string, { runId }: RunRecord): Promise<void> {
  const current = await readRecord(workingDirectory);
  if (current?.runId === runId) await rm(recordFile(workingDirectory), { force: true });
}

/**
 * The Terraform of a record, if it lives. A record without one was left by a kill in the moment of the start: then
 * it is the leader of the run's process group.
 */
export async function findTerraform({ terraform, runId }: RunRecord): Promise<ProcessId | undefined> {
  if (terraform) return (await isAlive(terraform)) ? terraform : undefined;
  return (await findRunMembers(runId)).find(({ pid, group }) => pid === group);
}

function parseRecord(body: JsonObject | undefined): RunRecord | undefined {
  if (!body) return undefined;
  const [runId, command, startedAt] = [stringAt(body, "runId"), stringAt(body, "command"), stringAt(body, "startedAt")];
  const owner = parseProcess(objectAt(body, "owner"));
  if (runId === undefined || command === undefined || startedAt === undefined || !owner) return undefined;
  return { runId, command, startedAt, owner, terraform: parseProcess(objectAt(body, "terraform")) };
}

function parseProcess(body: JsonObject | undefined): ProcessId | undefined {
  if (!isJsonObject(body)) return undefined;
  const [pid, startTime, bootId] = [numberAt(body, "pid"), stringAt(body, "startTime"), stringAt(body, "bootId")];
  return pid === undefined || startTime === undefined || bootId === undefined ? undefined : { pid, startTime, bootId };
}
