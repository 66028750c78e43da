import { closestMatch } from "leven";

/**
 * The remedy for a name that is not declared.
 *
 * @example didYouMean("debain-12", ["debian-12"], "images") // 'Did you mean "debian-12"?'
 * @example didYouMean("x", ["front", "back"], "networks") // 'Declared networks: back, front.'
 */
export function didYouMean(name: string, declared: readonly string[], plural: string): string {
  const closest = closestMatch(name, declared, { maxDistance: Math.max(1, Math.floor(name.length / 2)) });
  if (closest !== undefined) return `Did you mean "${closest}"?`;
  if (declared.length === 0) return `No ${plural} are declared: add it under \`${plural}\`.`;
  const shown = [...declared].sort().slice(0, 10).join(", ");
  return `Declared ${plural}: ${shown}${declared.length > 10 ? " …" : ""}.`;
}
