import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs `work` with a file that holds an XML definition, and removes the file. Only we may read it. virsh cannot have it on its standard input: Node's
 * pipes are sockets, which cannot be opened as `/dev/stdin`.
 */
export async function withXmlFile<T>(xml: string, work: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "terrarium-xml-"));
  try {
    const file = join(directory, "definition.xml");
    await writeFile(file, xml, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
