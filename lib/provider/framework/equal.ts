import { decimalText } from "./decimal.ts";
import { BigNumber, Dynamic, Unknown, type CtyType, type Value } from "./value.ts";

/**
 * Whether two values of a type are the same for Terraform. Sets have no order. Unknown equals any unknown, and nothing that is known.
 */
export function equalValues(type: CtyType, one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined || one === null || other === null) return false;
  if (one instanceof Unknown || other instanceof Unknown) return one instanceof Unknown && other instanceof Unknown;
  if (type === "number") return isNumber(one) && isNumber(other) && decimalText(one) === decimalText(other);
  if (type === "dynamic") return one instanceof Dynamic && other instanceof Dynamic && equalDynamic(one, other);
  if (typeof type === "string") return false;
  if (type[0] === "map" || type[0] === "object") {
    const a = Object.entries(one as Readonly<Record<string, Value>>);
    const b = other as Readonly<Record<string, Value>>;
    const typeOf = (key: string): CtyType => (type[0] === "object" ? (type[1][key] ?? "dynamic") : type[1]);
    return (
      a.length === Object.keys(b).length && a.every(([key, value]) => Object.hasOwn(b, key) && equalValues(typeOf(key), value, b[key]))
    );
  }
  const a = one as readonly Value[];
  const b = other as readonly Value[];
  if (a.length !== b.length) return false;
  if (type[0] === "tuple") return a.every((item, index) => equalValues(type[1][index] ?? "dynamic", item, b[index]));
  const of = type[1];
  if (type[0] === "list") return a.every((item, index) => equalValues(of, item, b[index]));
  const left = [...b];
  return a.every((item) => {
    const index = left.findIndex((candidate) => equalValues(of, item, candidate));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

function isNumber(value: Value): value is number | BigNumber {
  return typeof value === "number" || value instanceof BigNumber;
}

function equalDynamic(one: Dynamic, other: Dynamic): boolean {
  return equalTypes(one.type, other.type) && equalValues(one.type, one.value, other.value);
}

function equalTypes(one: CtyType, other: CtyType): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  if (one[0] === "object" || other[0] === "object") {
    if (one[0] !== "object" || other[0] !== "object") return false;
    const fields = other[1];
    const names = Object.keys(one[1]);
    return (
      names.length === Object.keys(fields).length && names.every((name) => equalTypes(one[1][name] ?? "dynamic", fields[name] ?? "dynamic"))
    );
  }
  if (one[0] === "tuple" || other[0] === "tuple") {
    if (one[0] !== "tuple" || other[0] !== "tuple") return false;
    const items = other[1];
    return one[1].length === items.length && one[1].every((item, index) => equalTypes(item, items[index] ?? "dynamic"));
  }
  return one[0] === other[0] && equalTypes(one[1], other[1]);
}
