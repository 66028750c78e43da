import { BigNumber, Dynamic, Unknown, type Value } from "./value.ts";

/** Whether two values are the same for Terraform. Unknown equals nothing that is known, and any unknown. Arrays are compared in order. */
export function equalValues(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return false;
  if (one instanceof Unknown || other instanceof Unknown) return one instanceof Unknown && other instanceof Unknown;
  if (one instanceof BigNumber || other instanceof BigNumber) {
    return one instanceof BigNumber && other instanceof BigNumber && one.text === other.text;
  }
  if (one instanceof Dynamic || other instanceof Dynamic) {
    return one instanceof Dynamic && other instanceof Dynamic && equalTypes(one, other) && equalValues(one.value, other.value);
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((item, i) => equalValues(item, other[i]));
  }
  const a = Object.entries(one);
  const b = other as Readonly<Record<string, Value>>;
  return a.length === Object.keys(b).length && a.every(([key, value]) => Object.hasOwn(b, key) && equalValues(value, b[key]));
}

function equalTypes(one: Dynamic, other: Dynamic): boolean {
  return JSON.stringify(one.type) === JSON.stringify(other.type);
}
