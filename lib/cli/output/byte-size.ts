const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes for people, three digits or so: `512 MiB`, `1.4 GiB`. */
export function byteSize(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
}
