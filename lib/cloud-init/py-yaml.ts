import type { ScalarTag, Tags } from "yaml";

/**
 * What PyYAML's SafeLoader makes of text without quotes. It differs from YAML 1.1 as the `yaml` package reads it: `y` and `n` are text, so are `1e3` and `0o17`;
 * sexagesimal numbers are numbers.
 *
 * Source: yaml/resolver.py and yaml/constructor.py of PyYAML 6.0.
 */
const boolean: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|true|on)$/i.test(text),
};

const integer: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  resolve: (text) => readInteger(text.replaceAll("_", "")),
};

const float: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: (text) => readFloat(text.replaceAll("_", "").toLowerCase()),
};

function readInteger(text: string): number {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "");
  if (digits.includes(":")) return sign * sexagesimal(digits);
  if (/^0[bx]/.test(digits)) return sign * Number(digits);
  return sign * Number.parseInt(digits, digits.startsWith("0") ? 8 : 10);
}

function readFloat(text: string): number {
  if (text.endsWith(".inf")) return text.startsWith("-") ? -Infinity : Infinity;
  if (text === ".nan") return Number.NaN;
  if (!text.includes(":")) return Number(text);
  return (text.startsWith("-") ? -1 : 1) * sexagesimal(text.replace(/^[-+]/, ""));
}

function sexagesimal(digits: string): number {
  return digits.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

const ours = [boolean, integer, float];

/** The tags of YAML 1.1 with those of scalars as PyYAML has them: for `parseDocument`'s `customTags`. */
export function pyYamlTags(tags: Tags): Tags {
  const names = new Set(ours.map(({ tag }) => tag));
  const others = tags.filter((tag) => typeof tag === "string" || !names.has(tag.tag));
  return [...ours, ...others];
}
