import { DeploymentKey } from "../../lib/ssh/deployment-key.ts";

/** A key that is always the same: bytes 0 to 31. */
export const fixedKey = new DeploymentKey(Uint8Array.from({ length: 32 }, (_, index) => index));
