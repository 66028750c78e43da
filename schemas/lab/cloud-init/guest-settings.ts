import type { CloudInit } from "../../generated/written-lab.ts";
import type { guestSettings } from "./cloud-init.ts";

/** Keys of `cloudInit` that are cloud-init's own in another spelling. */
export type GuestSettingKey = keyof typeof guestSettings;

/**
 * What they say once every reference is replaced: `${each:…}` by its value, and each text by what stands for texts here (`T`: with or without secrets in it). Keys
 * that nobody wrote are absent.
 */
export type GuestSettings<T = string> = { readonly [Key in GuestSettingKey]?: Settled<NonNullable<CloudInit[Key]>, T> };

/** One of several: an entry of a list such as `users`. */
export type GuestSetting<Key extends GuestSettingKey> = NonNullable<GuestSettings[Key]> extends readonly (infer Item)[] ? Item : never;

type Settled<Value, T> = boolean extends Value ? boolean : number extends Value ? number : SettledOther<Value, T>;

type SettledOther<Value, T> = Value extends undefined
  ? never
  : Value extends string
    ? string extends Value
      ? T
      : Value
    : Value extends readonly (infer Item)[]
      ? readonly Settled<Item, T>[]
      : { readonly [Key in keyof Value]: Settled<Value[Key], T> };
