import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface ServerCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
  /** The certificate as go-plugin's handshake has it: base64 of the DER without padding. */
  readonly handshake: string;
}

/**
 * Makes a key and a certificate for `localhost` that Terraform's TLS accepts, valid from five minutes ago for thirty days.
 * Written out in DER: a library for it takes longer to load than everything else of a provider.
 */
export function makeCertificate(now: Date = new Date()): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectIdentifiers.ecdsaWithSha256);
  const name = sequence(set(sequence(objectIdentifiers.commonName, der(0x0c, Buffer.from("localhost")))));
  const subjectAltName = sequence(objectIdentifiers.subjectAltName, der(0x04, sequence(der(0x82, Buffer.from("localhost")))));
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(now, -5 * 60_000), time(now, 30 * 86_400_000)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subjectAltName)),
  );
  const signature = sign("sha256", toSign, privateKey);
  const encoded = sequence(toSign, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = encoded.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    handshake: encoded.toString("base64").replace(/=+$/, ""),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(tag), size, content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

/** X.509 writes years before 2050 with two digits. */
function time(now: Date, offset: number): Buffer {
  const digits = new Date(now.getTime() + offset).toISOString().replace(/[-:T]/g, "").slice(0, 14);
  return digits < "2050" ? der(0x17, Buffer.from(`${digits.slice(2)}Z`)) : der(0x18, Buffer.from(`${digits}Z`));
}

const objectIdentifiers = {
  ecdsaWithSha256: der(0x06, Buffer.from("2a8648ce3d040302", "hex")),
  commonName: der(0x06, Buffer.from("550403", "hex")),
  subjectAltName: der(0x06, Buffer.from("551d11", "hex")),
};
