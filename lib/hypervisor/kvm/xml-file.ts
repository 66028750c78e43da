import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withTemporaryFolder } from "../../files/temporary-folder.ts";

/**
 * Runs `work` with a file that holds an XML definition, and removes the file. Only we may read it. virsh cannot have it on its standard input: Node's
 * pipes are sockets, which cannot be opened as `/dev/stdin`.
 */
export async function withXmlFile<T>(xml: string, work: (file: string) => Promise<T>): Promise<T> {
  return await withTemporaryFolder("xml", async (directory) => {
    const file = join(directory, "definition.xml");
    await writeFile(file, xml, { mode: 0o600 });
    return await work(file);
  });
}
