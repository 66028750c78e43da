import { Duration } from "../lib/units/duration.ts";
import { Size } from "../lib/units/size.ts";

/** Keys whose text is a size or a duration also take the value object. */
type UnitKey = "size" | "memory" | "maxMemory" | "disk" | "ready" | "shutdown";

/** The written form, with `Size` and `Duration` allowed where a size or duration is written. */
export type WithUnits<T> = {
  [Key in keyof T]: Key extends UnitKey ? T[Key] | Size | Duration : T[Key];
};

/** The written form: value objects become the text that means the same. */
export function plainUnits<T>(props: WithUnits<T>): T {
  const entries = Object.entries(props).map(([key, value]) => [
    key,
    value instanceof Size || value instanceof Duration ? value.toString() : value,
  ]);
  return Object.fromEntries(entries) as T;
}
